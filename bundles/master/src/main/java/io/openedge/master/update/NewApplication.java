package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Problem;
import io.openedge.config.PublishedPort;
import io.openedge.config.PublishedPort.Range;
import io.openedge.master.app.VolumeFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What an application must keep before an update touches anything, beyond the rules of its file: its folders can be used,
 * its engines can be had, no two services publish one port, and no other program has it. Immutable; any thread.
 *
 * @param mode the engine of services that name none
 * @param unavailable why an engine cannot be had; empty: it can
 */
record NewApplication(
        Path workDirectory, Path operatorSocket, String mode, Function<String, Optional<String>> unavailable) {
    private static final String CONTAINERS = "docker";

    /**
     * What is wrong, with key paths from the root.
     *
     * @param before the application that runs: its ports will be free
     * @param start the services that will be started
     * @param taken ports that programs of this host listen on
     */
    List<Problem> problems(AppConfig before, AppConfig application, Set<String> start, PortsInUse taken) {
        List<Problem> problems = new ArrayList<>();
        VolumeFolders folders = new VolumeFolders(workDirectory, operatorSocket, application.volumes());
        for (int v = 0; v < application.volumes().size(); v++) {
            VolumeSpec volume = application.volumes().get(v);
            String key = "volumes[" + v + "].path";
            folders.refusal(volume)
                    .ifPresent(why -> problems.add(new Problem(new InvalidValueException(
                            key,
                            volume.path(),
                            "a folder in the work directory, or one that can be made; this " + why))));
        }
        List<Published> released = published(before);
        List<Published> published = new ArrayList<>();
        for (int s = 0; s < application.services().size(); s++) {
            ServiceSpec service = application.services().get(s);
            String key = "services[" + s + "]";
            String engine = service.engineIn(mode);
            unavailable
                    .apply(engine)
                    .ifPresent(why -> problems.add(new Problem(new InvalidValueException(
                            key + ".engine", engine, "an engine of this installation; " + why))));
            List<Published> own = published(key, service);
            for (Published one : own) {
                one.problem(published).ifPresent(problems::add);
                if (start.contains(service.name()) && released.stream().noneMatch(one::clashes)) {
                    one.takenBy(taken).ifPresent(problems::add);
                }
            }
            published.addAll(own);
        }
        return problems;
    }

    private List<Published> published(AppConfig application) {
        return application.services().stream()
                .flatMap(service -> published("", service).stream())
                .toList();
    }

    private List<Published> published(String key, ServiceSpec service) {
        List<Published> all = new ArrayList<>();
        for (int p = 0;
                service.engineIn(mode).equals(CONTAINERS) && p < service.ports().size();
                p++) {
            String text = service.ports().get(p);
            PublishedPort port = PublishedPort.parse(text);
            if (!port.host().equals(Range.ANY)) {
                all.add(new Published(service, key + ".ports[" + p + "]", text, port));
            }
        }
        return all;
    }

    /**
     * A port of the host that a service publishes.
     *
     * @param key where the file says so
     * @param text how
     */
    private record Published(ServiceSpec service, String key, String text, PublishedPort port) {
        Optional<Problem> problem(List<Published> others) {
            if (service.replica() > 1 && port.host().size() < service.replica()) {
                return wrong("a port of the host for each of the " + service.replica() + " replicas");
            }
            return others.stream()
                    .filter(this::clashes)
                    .findFirst()
                    .flatMap(other ->
                            wrong("a port of the host that service '" + other.service.name() + "' does not publish"));
        }

        /** Of a range the daemon takes what is free. */
        Optional<Problem> takenBy(PortsInUse taken) {
            boolean fixed = port.host().size() == port.container().size();
            for (int n = port.host().first(); fixed && n <= port.host().last(); n++) {
                if (taken.has(port.protocol(), port.address(), n)) {
                    return wrong("a port of the host that is free; another program listens on " + n
                            + " (ss -lntup tells which)");
                }
            }
            return Optional.empty();
        }

        private Optional<Problem> wrong(String allowed) {
            return Optional.of(new Problem(new InvalidValueException(key, text, allowed)));
        }

        boolean clashes(Published other) {
            boolean sameAddress = isAll(port.address())
                    || isAll(other.port.address())
                    || port.address().equals(other.port.address());
            return sameAddress
                    && port.protocol().equals(other.port.protocol())
                    && port.host().first() <= other.port.host().last()
                    && other.port.host().first() <= port.host().last();
        }

        private static boolean isAll(String address) {
            return address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
        }
    }
}
