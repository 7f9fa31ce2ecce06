package io.openedge.cli.check;

import io.openedge.app.ConfigException;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.config.ConfigReader;
import io.openedge.config.GatewayFiles;
import io.openedge.config.PublishedPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports that gateway and hubs are going to open. Stateless. */
final class PortChecks {
    private static final String HUB = "openedge-hub";
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+://(.*):(\\d{1,5})(?:/.*)?");

    private PortChecks() {}

    /** @param what opens it, for people */
    private record Port(String what, String host, int number) {}

    /** All are held together, so that two of the application that want the same one are found. */
    static void free(Subject subject, Report report) throws IOException {
        List<Port> ports = ports(subject);
        if (subject.running().isPresent()) {
            if (!ports.isEmpty()) {
                report.ok("ports", "not tried: the gateway runs and has them");
            }
            return;
        }
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Port port : ports) {
                hold(port, held, report);
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static void hold(Port port, List<ServerSocket> held, Report report) throws IOException {
        String place = port.what() + ": port " + port.number() + (port.host().isEmpty() ? "" : " of " + port.host());
        ServerSocket socket = new ServerSocket();
        held.add(socket);
        try {
            socket.bind(
                    port.host().isEmpty()
                            ? new InetSocketAddress(port.number())
                            : new InetSocketAddress(port.host(), port.number()));
            report.ok("ports", place + " is free");
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            boolean ours = held.stream().anyMatch(other -> other.getLocalPort() == port.number());
            if (reason.contains("in use")) {
                report.fail(
                        "ports",
                        place + " is taken" + (ours ? " by another service of this application" : ""),
                        "ss -ltnp tells by whom");
            } else {
                report.fail("ports", place + " cannot be opened: " + reason, "");
            }
        }
    }

    private static List<Port> ports(Subject subject) {
        List<Port> ports = new ArrayList<>();
        subject.files()
                .map(GatewayFiles::apiAddress)
                .flatMap(address -> port("the API", address))
                .ifPresent(ports::add);
        for (ServiceFiles service : subject.services()) {
            String what = "service " + service.service().name();
            if (service.engine().equals("docker")) {
                published(what, service, ports);
            } else if (service.service().module().equals(HUB)) {
                listens(service).forEach(address -> port(what, address).ifPresent(ports::add));
            }
        }
        return ports;
    }

    private static void published(String what, ServiceFiles service, List<Port> ports) {
        for (String entry : service.service().ports()) {
            PublishedPort port = PublishedPort.parse(entry);
            boolean fixed = port.protocol().equals("tcp") && !port.host().equals(PublishedPort.Range.ANY);
            for (int n = port.host().first(); fixed && n <= port.host().last(); n++) {
                ports.add(new Port(what, host(port.address()), n));
            }
        }
    }

    /** What is wrong with the file is another check's finding. */
    private static List<String> listens(ServiceFiles hub) {
        try {
            Object listen = ConfigReader.content(hub.configuration()).get("listen");
            return listen instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        } catch (ConfigException e) {
            return List.of();
        }
    }

    private static Optional<Port> port(String what, String address) {
        Matcher form = ADDRESS.matcher(address);
        if (!form.matches() || Integer.parseInt(form.group(2)) > 65535) {
            return Optional.empty();
        }
        return Optional.of(new Port(what, host(form.group(1)), Integer.parseInt(form.group(2))));
    }

    private static String host(String host) {
        String bare = host.replaceAll("[\\[\\]]", "");
        return bare.equals("0.0.0.0") || bare.equals("::") ? "" : bare;
    }
}
