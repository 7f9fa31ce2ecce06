package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** A gateway with a bridge to another gateway: over each transport, with what that one allows. */
public class BridgeRemotesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Rule
    public final Gateway gateway = Gateway.ofExample("remote");

    @Rule
    public final Gateway other = Gateway.ofExample("osgi");

    @Test
    public void remotesOverAllFourTransportsWithMutualTls() throws Exception {
        List<Integer> ports = freePorts(3);
        Path certificates = Files.createDirectories(other.db("localhub-conf/cert"));
        new Openssl(certificates)
                .authority("ca")
                .signed("server", "ca", "localhost")
                .signed("edge", "ca", "edge");
        other.edit(
                other.db("localhub-conf/service.yml"),
                text -> text.replace(
                                "listen:",
                                "certificate: {ca: etc/openedge/cert/ca.pem, cert: etc/openedge/cert/server.pem,"
                                        + " key: etc/openedge/cert/server.key, match: subject}\n"
                                        + "listen:\n  - ssl://127.0.0.1:" + ports.get(0) + "\n  - ws://127.0.0.1:"
                                        + ports.get(1) + "/mqtt\n  - wss://127.0.0.1:" + ports.get(2) + "/mqtt")
                        .replace(
                                "principals:",
                                "principals:\n  - {username: edge, permissions: [{action: pub, permit: ['#']},"
                                        + " {action: sub, permit: ['#']}]}"));
        Path here = Files.createDirectories(gateway.db("remote-conf/cert"));
        for (String file : List.of("ca.pem", "edge.pem", "edge.key")) {
            Files.copy(certificates.resolve(file), here.resolve(file));
        }
        String plain = "username: test, password: hahaha";
        String certificate = "username: edge, ca: etc/openedge/cert/ca.pem, cert: etc/openedge/cert/edge.pem,"
                + " key: etc/openedge/cert/edge.key";
        configure(
                List.of(
                        remote("tcp", "tcp://localhost:" + other.port(), plain),
                        remote("ssl", "ssl://localhost:" + ports.get(0), certificate),
                        remote("ws", "ws://localhost:" + ports.get(1) + "/mqtt", plain),
                        remote("wss", "wss://localhost:" + ports.get(2) + "/mqtt", certificate)),
                rule("tcp"),
                rule("ssl"),
                rule("ws"),
                rule("wss"));
        other.start().expect(0);
        gateway.start().expect(0);

        try (HubClient near = new HubClient(gateway.port());
                HubClient far = new HubClient(other.port())) {
            near.subscribe("down/#");
            far.subscribe("up/#");
            for (String name : List.of("tcp", "ssl", "ws", "wss")) {
                awaitState(name, "connected");
                near.publish("up/" + name, "by " + name);
                assertThat(far.awaitMessage("up/" + name)).isEqualTo("by " + name);
                far.publish("down/" + name, "by " + name);
                assertThat(near.awaitMessage("down/" + name)).isEqualTo("by " + name);
                assertThat(value(name, "version")).isEqualTo("3.1.1");
            }
        }
        // The other hub does not speak MQTT 5: that is no trouble, and nothing to wait for.
        assertThat(gateway.logs())
                .contains("with MQTT 3.1.1")
                .doesNotContain("No connection to ssl")
                .doesNotContain("No connection to ws")
                .doesNotContain("No connection to tcp://localhost");
    }

    @Test
    public void aRefusedSubscriptionIsSaidUntilItIsGranted() throws Exception {
        String stranger = "- username: stranger\n    password: secret\n    permissions:"
                + " [{action: pub, permit: ['#']}, {action: sub, permit: ['PERMIT']}]\n  ";
        other.edit(
                other.db("localhub-conf/service.yml"),
                text -> text.replace("- username: test", stranger.replace("PERMIT", "none") + "- username: test"));
        other.start().expect(0);
        configure(
                List.of(remote(
                        "strict",
                        "tcp://127.0.0.1:" + other.port(),
                        "username: stranger, password: secret, validatesubs: true")),
                rule("strict"));
        gateway.start().expect(0);

        awaitState("strict", "strict: the broker refuses to subscribe to down/strict");
        other.edit(other.db("localhub-conf/service.yml"), text -> text.replace("'none'", "'down/#'"));
        awaitState("strict", "connected");

        try (HubClient near = new HubClient(gateway.port());
                HubClient far = new HubClient(other.port())) {
            near.subscribe("down/#");
            far.publish("down/strict", "granted");
            assertThat(near.awaitMessage("down/strict")).isEqualTo("granted");
        }
    }

    private static String remote(String name, String address, String more) {
        return "{name: " + name + ", address: '" + address + "', interval: 1s, " + more + "}";
    }

    private static String rule(String name) {
        return "{hub: {subscriptions: [{topic: up/" + name + ", qos: 1}]}, remote: {name: " + name
                + ", subscriptions: [{topic: down/" + name + ", qos: 1}]}}";
    }

    private void configure(List<String> remotes, String... rules) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("hub: {address: 'tcp://localhub:" + gateway.port() + "', username: test, password: hahaha}");
        lines.add("remotes:");
        remotes.forEach(remote -> lines.add("  - " + remote));
        lines.add("rules:");
        List.of(rules).forEach(rule -> lines.add("  - " + rule));
        Files.write(gateway.db("remote-conf/service.yml"), lines);
    }

    private void awaitState(String remote, String state) {
        await(remote)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(value(remote, "state")).isEqualTo(state));
    }

    private String value(String remote, String key) throws IOException, InterruptedException {
        JsonNode bridge = gateway.instance("remote").orElseThrow();
        return bridge.at("/remotes/" + remote + "/" + key).asText();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> open = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            open.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : open) {
            socket.close();
        }
        return ports;
    }
}
