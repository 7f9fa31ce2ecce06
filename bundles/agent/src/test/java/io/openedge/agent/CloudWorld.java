package io.openedge.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.openedge.archive.Digest;
import io.openedge.archive.FileServer;
import io.openedge.archive.RawZip;
import io.openedge.config.Openssl;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import io.openedge.mqtt.client.Mosquitto;
import io.openedge.mqtt.client.MqttClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** A cloud: a broker with mutual TLS, an HTTPS server; and a work directory with a folder for an agent. */
final class CloudWorld extends ExternalResource {
    private static final String TOPICS = "$baidu/iot/edge/gateway-1/core/";

    /** Reports that came by POST, decoded. */
    final List<String> posted = new CopyOnWriteArrayList<>();
    /** Reports that came by MQTT. */
    final List<String> published = new CopyOnWriteArrayList<>();

    private final TemporaryFolder temporary = new TemporaryFolder();
    private final ConcurrentHashMap<String, byte[]> files = new ConcurrentHashMap<>();
    private final AtomicInteger times = new AtomicInteger();
    FileServer server;
    Mosquitto broker;
    FakeGateway gateway;
    private MqttClient client;
    private Optional<AgentInstance> agent = Optional.empty();

    @Override
    protected void before() throws Throwable {
        temporary.create();
        Path folder = Files.createDirectories(root().resolve("cloud"));
        new Openssl(folder)
                .authority("ca")
                .signed("broker", "ca")
                .signed("cloud", "ca", "/CN=cloud")
                .signed("gateway", "ca", "/CN=gateway-1");
        serve("-ext", "san=dns:localhost");
        broker = broker(folder);
        connect();
        Files.createDirectories(volumes());
        runs("v1");
        gateway = new FakeGateway(work());
        Path view =
                Files.createDirectories(directory().resolve("var/db/openedge")).resolve("volumes");
        Files.createSymbolicLink(view, volumes());
    }

    /** Another server, with another certificate. */
    void serve(String... certificate) throws Exception {
        if (server != null) {
            server.close();
        }
        server = new FileServer(root(), certificate).on("/", this::file).on("/v3/edge/info", this::report);
    }

    private void connect() throws Exception {
        MqttClientConfig config = new MqttClientConfig(
                "ssl://localhost:" + broker.port(),
                null,
                "",
                "",
                "ca.pem",
                "cloud.pem",
                "cloud.key",
                false,
                "cloud",
                null,
                Duration.ofSeconds(1),
                null,
                false,
                false,
                2000,
                List.of(new MqttSubscription(TOPICS + "forward", 0)));
        client = MqttClients.connect(
                config,
                root().resolve("cloud"),
                (host, port) -> Optional.empty(),
                LoggerFactory.getLogger("cloud"),
                delivery -> published.add(new String(delivery.message().payload(), UTF_8)));
        await().atMost(Duration.ofSeconds(20)).until(client::connected);
    }

    private Path root() {
        return temporary.getRoot().toPath();
    }

    Path work() {
        return root().resolve("work");
    }

    Path volumes() {
        return work().resolve("var/db/openedge");
    }

    Path directory() {
        return root().resolve("agent");
    }

    void runs(String version) throws IOException {
        Files.writeString(volumes().resolve("application.yml"), yaml(version, ""));
    }

    private static String yaml(String version, String volumes) {
        return "version: " + version + "\nservices: []\nvolumes:\n- {name: data, path: var/db/openedge/data}\n"
                + volumes;
    }

    /** Starts an agent, and waits until it hears the cloud; what is given is its {@code remote.report}. */
    void start(String... lines) throws Exception {
        int before = published.size();
        startAlone(lines);
        await("a report by MQTT").atMost(Duration.ofSeconds(30)).until(() -> published.size() > before);
    }

    /** Starts an agent whose broker may be away. */
    void startAlone(String... lines) throws Exception {
        configure(lines);
        AgentContext context = new AgentContext(directory(), gateway);
        agent = Optional.of(AgentInstance.start(context, context.configuration(AgentConfig.class)));
    }

    void configure(String... lines) throws Exception {
        Path etc = Files.createDirectories(directory().resolve("etc/openedge"));
        Files.writeString(etc.resolve("https.pem"), server.authority());
        Path certificates = root().resolve("cloud");
        Files.write(
                etc.resolve("service.yml"),
                List.of(
                        "remote:",
                        "  mqtt:",
                        "    address: ssl://localhost:" + broker.port(),
                        "    clientid: gateway-1",
                        "    interval: 1s",
                        "    ca: " + certificates.resolve("ca.pem"),
                        "    cert: " + certificates.resolve("gateway.pem"),
                        "    key: " + certificates.resolve("gateway.key"),
                        "  http:",
                        "    address: " + server.url("").toString(),
                        "    ca: etc/openedge/https.pem",
                        "    timeout: 20s",
                        "    username: gateway-1",
                        "    password: secret",
                        "  report: {" + (lines.length == 0 ? "interval: 300ms" : String.join(", ", lines)) + "}",
                        "limits: {download: 4m, unpacked: 8m, reserve: 1m}"));
    }

    void stop() {
        agent.ifPresent(AgentInstance::close);
        agent = Optional.empty();
    }

    @Override
    protected void after() {
        stop();
        client.close();
        broker.close();
        server.close();
        temporary.delete();
    }

    /** Offers a file for download; what its {@code meta} is, in JSON, which is YAML too. */
    String offer(String path, Path zip) throws IOException {
        files.put(path, Files.readAllBytes(zip));
        String digest = Digest.of(zip, Digest.Algorithm.SHA256).hex();
        return "{\"url\": \"" + path + "\", \"sha256\": \"" + digest + "\"}";
    }

    String offer(String path, RawZip zip) throws IOException {
        return offer(path, zip.write(root().resolve("offered.zip")));
    }

    /** A line of {@code volumes:}. */
    String volume(String name, String version, RawZip zip) throws IOException {
        String meta = offer("/" + name + "-" + version + ".zip", zip);
        return "- {name: " + name + ", path: var/db/openedge/" + name + "/" + version + ", meta: " + meta + "}\n";
    }

    /** What an application's archive holds. */
    static RawZip application(String version, String... volumes) {
        return new RawZip().file("application.yml", yaml(version, String.join("", volumes)));
    }

    /** An event for an application with further volumes. */
    String event(String version, String... volumes) throws IOException {
        return eventOf(version, offer("/app-" + version + ".zip", application(version, volumes)));
    }

    /** An event as the cloud writes it; no two are the same. */
    String eventOf(String version, String meta) {
        return eventAt(
                "2026-01-01T00:00:00." + String.format(Locale.ROOT, "%09d", times.incrementAndGet()) + "Z",
                version,
                meta);
    }

    static String eventAt(String time, String version, String meta) {
        return "{\"event\":\"UPDATE\",\"time\":\"" + time + "\",\"content\":{\"version\":\"" + version
                + "\",\"config\":{\"name\":\"app\",\"path\":\"var/db/openedge/app/" + version + "\",\"meta\":" + meta
                + "}}}";
    }

    void publish(String event) {
        client.publish(new MqttMessage(TOPICS + "backward", event.getBytes(UTF_8), 1, false))
                .toCompletableFuture()
                .join();
    }

    private void file(HttpExchange exchange) throws IOException {
        byte[] content = files.get(exchange.getRequestURI().getPath());
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            FileServer.ranges(exchange, content, "\"" + content.length + "\"", content.length);
        }
    }

    void on(String path, HttpHandler handler) {
        server.on(path, handler);
    }

    private void report(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        boolean legacy = "application/x-www-form-urlencoded".equals(headers.getFirst("Content-Type"));
        try {
            byte[] json = legacy ? decrypted(body, headers.getFirst("x-iot-edge-key")) : body;
            posted.add(headers.getFirst("x-iot-edge-clientid") + " " + headers.getFirst("x-iot-edge-sn") + " "
                    + new String(json, UTF_8));
            exchange.sendResponseHeaders(200, -1);
        } catch (GeneralSecurityException e) {
            exchange.sendResponseHeaders(400, -1);
        }
    }

    /** As the cloud does it, with the client's certificate. */
    private byte[] decrypted(byte[] body, String key) throws GeneralSecurityException, IOException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        rsa.init(Cipher.DECRYPT_MODE, publicKey());
        byte[] secret = rsa.doFinal(Base64.getDecoder().decode(key));
        Cipher aes = Cipher.getInstance("AES/CBC/PKCS5Padding");
        aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(secret, "AES"), new IvParameterSpec(new byte[16]));
        return aes.doFinal(Base64.getDecoder().decode(body));
    }

    private PublicKey publicKey() throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(root().resolve("cloud/gateway.pem"))) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
    }

    /** Waits for a report by POST. */
    void awaitReport(Predicate<String> wanted) {
        await("a report")
                .atMost(Duration.ofSeconds(30))
                .until(() -> posted.stream().anyMatch(wanted));
    }

    /** Waits for a version to run, and for a report that says so. */
    void awaitVersion(String version) {
        awaitReport(report -> report.contains("\"conf_version\":\"" + version + "\"") && !report.contains("\"error\""));
    }

    /** It demands a certificate of its authority, ca.pem; the common name is the user. */
    private static Mosquitto broker(Path folder) throws IOException {
        Files.write(
                folder.resolve("acl"),
                List.of(
                        "pattern read $baidu/iot/edge/%u/core/backward",
                        "pattern write $baidu/iot/edge/%u/core/forward",
                        "user cloud",
                        "topic readwrite $baidu/#",
                        "topic readwrite #"));
        return Mosquitto.start(
                folder,
                "cafile " + folder.resolve("ca.pem"),
                "certfile " + folder.resolve("broker.pem"),
                "keyfile " + folder.resolve("broker.key"),
                "require_certificate true",
                "use_identity_as_username true",
                "acl_file " + folder.resolve("acl"),
                "max_queued_messages 0");
    }
}
