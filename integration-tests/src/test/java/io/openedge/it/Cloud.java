package io.openedge.it;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A cloud on this machine that containers reach: a broker that demands a certificate, and a server of the files in
 * {@link #files} that takes reports. It knows one gateway, {@value #GATEWAY}.
 */
final class Cloud implements AutoCloseable {
    static final String GATEWAY = "gateway-1";
    private static final String TOPICS = "$baidu/iot/edge/" + GATEWAY + "/core/";
    private static final String PASSWORD = "example";

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Path keys;
    private final Path files;
    private final int mqtt;
    private final FarBroker broker;
    private final HttpsServer server;
    private final HubClient operator;

    Cloud(Path folder) throws Exception {
        keys = Files.createDirectories(folder.resolve("keys"));
        files = Files.createDirectories(folder.resolve("files"));
        Openssl openssl = new Openssl(keys)
                .authority("ca")
                .signed("server", "ca", "server")
                .signed(GATEWAY, "ca", GATEWAY);
        try (ServerSocket free = new ServerSocket(0)) {
            mqtt = free.getLocalPort();
        }
        broker = new FarBroker(
                folder,
                "listener " + mqtt,
                "cafile " + keys.resolve("ca.pem"),
                "certfile " + keys.resolve("server.pem"),
                "keyfile " + keys.resolve("server.key"),
                "require_certificate true",
                "use_identity_as_username true");
        server = HttpsServer.create(new InetSocketAddress(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(openssl.store("server", PASSWORD))));
        server.createContext("/", this::file);
        server.createContext("/v3/edge/info", this::report);
        server.start();
        operator = new HubClient(broker.port()).subscribe(TOPICS + "forward");
    }

    private static SSLContext context(Path store) throws Exception {
        KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(loaded, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Writes what an agent on that host's containers needs: service.yml and certificates. */
    void configure(Path conf, String host) throws IOException {
        Files.createDirectories(conf);
        for (String name : List.of("ca.pem", GATEWAY + ".pem", GATEWAY + ".key")) {
            Files.copy(keys.resolve(name), conf.resolve(name));
        }
        Files.writeString(
                conf.resolve("service.yml"),
                String.join(
                        "\n",
                        "remote:",
                        "  mqtt:",
                        "    address: ssl://" + host + ":" + mqtt,
                        "    clientid: " + GATEWAY,
                        "    ca: etc/openedge/ca.pem",
                        "    cert: etc/openedge/" + GATEWAY + ".pem",
                        "    key: etc/openedge/" + GATEWAY + ".key",
                        "  http: {address: 'https://" + host + ":"
                                + server.getAddress().getPort() + "', ca: etc/openedge/ca.pem}",
                        "  report: {interval: 1s, format: json}",
                        ""));
    }

    /** Where {@code url} of a {@code meta} finds its file. */
    Path file(String name) {
        return files.resolve(name);
    }

    /** The {@code meta} of a file that is offered. */
    String meta(String name) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file(name)));
        return "{\"url\": \"/" + name + "\", \"sha256\": \"" + HexFormat.of().formatHex(digest) + "\"}";
    }

    /** Waits for the agent to be there. */
    void awaitAgent() {
        operator.awaitMessage(TOPICS + "forward");
    }

    /** Wants the application whose archive is VERSION.zip. */
    void want(String version) throws Exception {
        operator.publish(
                TOPICS + "backward",
                "{\"event\": \"UPDATE\", \"time\": \"" + version + "\", \"content\": {\"version\": \"" + version
                        + "\", \"config\": {\"name\": \"app\", \"path\": \"var/db/openedge/app/" + version
                        + "\", \"meta\": " + meta(version + ".zip") + "}}}");
    }

    /** The first report that is as wanted. */
    String awaitReport(String what, Predicate<String> wanted) {
        await(what).atMost(Duration.ofSeconds(60)).until(() -> reports.stream().anyMatch(wanted));
        return reports.stream().filter(wanted).findFirst().orElseThrow();
    }

    private void file(HttpExchange exchange) throws IOException {
        Path file = files.resolve(exchange.getRequestURI().getPath().substring(1));
        try (exchange) {
            if (Files.exists(file)) {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void report(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            reports.add(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    @Override
    public void close() {
        operator.close();
        server.stop(0);
        broker.close();
    }
}
