package io.openedge.master.update;

import io.openedge.app.HealthCheck;
import io.openedge.engine.EngineException;
import io.openedge.engine.Instance;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Optional;

/** One look at whether a service works, as its {@code health:} says. Stateless; takes its time-out at most. */
final class Probe {
    private static final String HERE = "127.0.0.1";

    private Probe() {}

    /**
     * Looks once.
     *
     * @param runs of the service
     * @return what is wrong; empty: nothing
     */
    static Optional<String> look(HealthCheck check, List<Instance> runs) {
        int limit =
                (int) Math.min(Integer.MAX_VALUE, Math.max(1, check.timeout().toMillis()));
        try {
            if (!check.tcp().isEmpty()) {
                tcp(check.tcp(), limit);
            } else if (!check.http().isEmpty()) {
                http(check.http(), limit);
            } else if (!check.mqtt().isEmpty()) {
                MqttProbe.await(URI.create(check.mqtt()), limit);
            } else if (!check.command().isEmpty()) {
                for (Instance run : runs) {
                    command(check, run);
                }
            }
            return Optional.empty();
        } catch (IOException | EngineException | IllegalArgumentException e) {
            return Optional.of(said(check) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private static String said(HealthCheck check) {
        return !check.tcp().isEmpty()
                ? "tcp " + check.tcp()
                : !check.http().isEmpty()
                        ? "http " + check.http()
                        : !check.mqtt().isEmpty() ? "mqtt" : "command " + check.command();
    }

    private static void tcp(String address, int limit) throws IOException {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? HERE : address.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), limit);
        }
    }

    private static void http(String address, int limit) throws IOException {
        URLConnection connection = new URL(address).openConnection();
        connection.setConnectTimeout(limit);
        connection.setReadTimeout(limit);
        connection.setUseCaches(false);
        if (!(connection instanceof HttpURLConnection http)) {
            throw new IOException("is no http address");
        }
        try {
            int status = http.getResponseCode();
            if (status < 200 || status > 299) {
                throw new IOException("answers " + status);
            }
        } finally {
            http.disconnect();
        }
    }

    private static void command(HealthCheck check, Instance run) throws IOException, EngineException {
        int code = run.exec(check.command(), check.timeout());
        if (code != 0) {
            throw new IOException("exit code " + code);
        }
    }
}
