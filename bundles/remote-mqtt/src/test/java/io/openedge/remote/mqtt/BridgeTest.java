package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.client.Mosquitto;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A bridge between two brokers. */
public class BridgeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Mosquitto hub;
    private Mosquitto cloud;
    private World world;

    @Before
    public void brokers() throws Exception {
        hub = broker("hub");
        cloud = broker("cloud");
    }

    @After
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Mosquitto broker(String name, String... lines) throws Exception {
        Path place = folder.newFolder(name).toPath();
        return opened(lines.length == 0 ? Mosquitto.open(place) : Mosquitto.start(place, lines));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.addFirst(resource);
        return resource;
    }

    private ModuleInstance bridge(String... rules) throws Exception {
        return bridge(List.of(remote("cloud", cloud.port())), rules);
    }

    private static String remote(String name, int port) {
        return "{name: " + name + ", address: 'tcp://127.0.0.1:" + port + "', interval: 500ms, timeout: 2s}";
    }

    private ModuleInstance bridge(List<String> remotes, String... rules) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add("hub: {address: 'tcp://127.0.0.1:" + hub.port() + "', interval: 500ms}");
        lines.add("remotes: [" + String.join(", ", remotes) + "]");
        lines.add("rules:");
        List.of(rules).forEach(rule -> lines.add("  - " + rule));
        world = new World(folder.getRoot().toPath(), lines.toArray(String[]::new));
        return opened(new RemoteMqttModule().start(world));
    }

    private void awaitReport(String remote, String key, String value) {
        await(remote + " " + key)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.reported(remote, key)).isEqualTo(value));
    }

    private void awaitConnected() {
        awaitReport("cloud", "state", "connected");
    }

    @Test
    public void messagesGoBothWaysWithTopicAndQos() throws Exception {
        bridge("{hub: {subscriptions: [{topic: up/#, qos: 2}]},"
                + " remote: {name: cloud, subscriptions: [{topic: down/#, qos: 2}]}}");
        awaitConnected();
        Probe near = opened(new Probe(hub, "#"));
        Probe far = opened(new Probe(cloud, "#"));

        for (int qos = 0; qos <= 2; qos++) {
            near.publish("up/" + qos, "hello", qos);
            assertThat(far.next()).isEqualTo("up/" + qos + "/" + qos + " hello");
            far.publish("down/" + qos, "there", qos);
            assertThat(near.next()).isEqualTo("up/" + qos + "/" + qos + " hello");
            assertThat(near.next()).isEqualTo("down/" + qos + "/" + qos + " there");
            assertThat(far.next()).isEqualTo("down/" + qos + "/" + qos + " there");
        }
        near.publish("other", "not this", 1);
        near.publish("up/last", "x", 1);
        assertThat(far.next()).isEqualTo("up/last/1 x");
        awaitReport("cloud", "sent", "4");
        awaitReport("cloud", "received", "3");
        awaitReport("cloud", "waiting", "0");
        assertThat(world.reported).containsEntry("hub", "connected");
    }

    @Test
    public void aDirectionRenamesItsTopics() throws Exception {
        bridge("{hub: {subscriptions: [{topic: plant/#, qos: 1}], strip: plant/, prefix: site7/},"
                + " remote: {name: cloud, subscriptions: [{topic: site7/cmd/#, qos: 1}], strip: site7/}}");
        awaitConnected();
        Probe near = opened(new Probe(hub, "cmd/#"));
        Probe far = opened(new Probe(cloud, "site7/t/#"));

        near.publish("plant/t/1", "20", 1);
        assertThat(far.next()).isEqualTo("site7/t/1/1 20");
        far.publish("site7/cmd/go", "now", 1);
        assertThat(near.next()).isEqualTo("cmd/go/1 now");
    }

    @Test
    public void aTopicWithoutCounterpartIsCounted() throws Exception {
        bridge("{hub: {subscriptions: [{topic: a/#, qos: 1}], strip: a/}, remote: {name: cloud}}");
        awaitConnected();
        Probe near = opened(new Probe(hub));
        Probe far = opened(new Probe(cloud, "#"));

        near.publish("a/", "nothing is left of its topic", 1);
        near.publish("a/b", "x", 1);

        assertThat(far.next()).isEqualTo("b/1 x");
        awaitReport("cloud", "unnamed", "1");
    }

    @Test
    public void noMessageComesBackAndEqualOnesAllArrive() throws Exception {
        bridge("{hub: {subscriptions: [{topic: a/#, qos: 2}]},"
                + " remote: {name: cloud, subscriptions: [{topic: a/#, qos: 2}]}}");
        awaitConnected();
        Probe near = opened(new Probe(hub, "a/#"));
        Probe far = opened(new Probe(cloud, "a/#"));

        for (int i = 0; i < 100; i++) {
            near.publish("a/x", "same", i % 3);
            far.publish("a/x", "same", i % 3);
        }

        near.awaitHeard(200);
        far.awaitHeard(200);
        near.publish("a/end", "near", 1);
        far.publish("a/end", "far", 1);
        awaitReport("cloud", "sent", "101");
        awaitReport("cloud", "received", "101");
        awaitReport("cloud", "echoes", "202");
        near.awaitHeard(202);
        far.awaitHeard(202);
        assertThat(near.heard).hasSize(202);
        assertThat(far.heard).hasSize(202);
    }

    @Test
    public void anotherRemoteGetsWhatComesFromOne() throws Exception {
        Mosquitto second = broker("second");
        bridge(
                List.of(remote("cloud", cloud.port()), remote("second", second.port())),
                "{hub: {subscriptions: [{topic: a/#, qos: 1}]}, remote: {name: cloud, subscriptions: [{topic: a/#, qos: 1}]}}",
                "{hub: {subscriptions: [{topic: a/#, qos: 1}]}, remote: {name: second, subscriptions: [{topic: a/#, qos: 1}]}}");
        awaitConnected();
        awaitReport("second", "state", "connected");
        Probe near = opened(new Probe(hub, "#"));
        Probe one = opened(new Probe(cloud, "#"));
        Probe other = opened(new Probe(second, "#"));

        one.publish("a/1", "x", 1);

        assertThat(near.next()).isEqualTo("a/1/1 x");
        assertThat(other.next()).isEqualTo("a/1/1 x");
        awaitReport("cloud", "echoes", "1");
        awaitReport("second", "echoes", "1");
        assertThat(one.heard).containsExactly("a/1/1 x");
        assertThat(near.heard).isEmpty();
    }

    @Test
    public void retainedMessagesStayRetainedAndTheHubsWin() throws Exception {
        Probe near = opened(new Probe(hub));
        Probe far = opened(new Probe(cloud));
        near.publish("up/kept", "1", 1, true);
        near.publish("both/kept", "new", 1, true);
        far.publish("both/kept", "old", 1, true);
        far.publish("down/kept", "2", 1, true);
        bridge("{hub: {subscriptions: [{topic: up/#, qos: 1}, {topic: both/#, qos: 1}]},"
                + " remote: {name: cloud, subscriptions: [{topic: down/#, qos: 1}, {topic: both/#, qos: 1}]}}");
        awaitConnected();
        awaitReport("cloud", "sent", "2");
        awaitReport("cloud", "received", "1");

        Probe later = opened(new Probe(cloud, "up/#", "both/#"));
        assertThat(List.of(later.next(), later.next())).contains("up/kept/1r 1", "both/kept/1r new");
        Probe laterNear = opened(new Probe(hub, "down/#", "both/#"));
        assertThat(List.of(laterNear.next(), laterNear.next())).contains("down/kept/1r 2", "both/kept/1r new");
    }

    @Test
    public void whileTheRemoteIsAwayQos1WaitsAtTheHubAndQos0InABuffer() throws Exception {
        bridge("{hub: {subscriptions: [{topic: up/#, qos: 1}]}, remote: {name: cloud}}");
        awaitConnected();
        cloud.kill();
        awaitReport("cloud", "losses", "1");
        Probe near = opened(new Probe(hub));

        for (int i = 0; i < 30; i++) {
            near.publish("up/0", "m" + i, 0);
            near.publish("up/1", "m" + i, 1);
        }
        awaitReport("cloud", "dropped", "20");
        assertThat(world.reported("cloud", "state")).startsWith("cloud: ");
        cloud.start();
        Probe far = opened(new Probe(cloud, "none"));
        awaitReport("cloud", "sent", "40");
        far.close();
    }

    @Test
    public void whatTheRemoteHasNotAcknowledgedTheHubKeeps() throws Exception {
        bridge("{hub: {subscriptions: [{topic: up/#, qos: 2}]}, remote: {name: cloud}}");
        awaitConnected();
        cloud.kill();
        awaitReport("cloud", "losses", "1");
        Probe near = opened(new Probe(hub));
        for (int i = 0; i < 15; i++) {
            near.publish("up/" + i % 3, "m" + i, 1 + i % 2);
        }
        open.stream()
                .filter(ModuleInstance.class::isInstance)
                .findFirst()
                .orElseThrow()
                .close();
        cloud.start();
        Probe far = opened(new Probe(cloud, "up/#"));

        bridge("{hub: {subscriptions: [{topic: up/#, qos: 2}]}, remote: {name: cloud}}");

        far.awaitHeard(15);
        awaitReport("cloud", "waiting", "0");
        assertThat(far.heard).hasSize(15);
    }

    @Test
    public void anAlarmGoesBeforeTheBacklog() throws Exception {
        String rule =
                "{hub: {subscriptions: [{topic: data/#, qos: 1}], priority: [data/alarm/#]}, remote: {name: cloud}}";
        ModuleInstance first = bridge(rule);
        awaitConnected();
        first.close();
        Probe near = opened(new Probe(hub));
        for (int i = 0; i < 900; i++) {
            near.publish("data/x", "m" + i, 1);
        }
        near.publish("data/alarm/fire", "!", 1);
        Probe far = opened(new Probe(cloud, "#"));

        bridge(rule);

        far.awaitHeard(901);
        assertThat(new ArrayList<>(far.heard).indexOf("data/alarm/fire/1 !")).isLessThan(450);
        awaitReport("cloud", "sent", "901");
        assertThat(far.heard).hasSize(901);
        assertThat(world.sessions)
                .extracting(MqttClientConfig::clientId)
                .containsExactlyInAnyOrder("cloud", "cloud", "cloud-p1", "cloud-p1");
    }

    @Test
    public void aRemoteThatHangsHoldsUpNobody() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            bridge(
                    List.of(remote("silent", silent.getLocalPort()), remote("cloud", cloud.port())),
                    "{hub: {subscriptions: [{topic: up/#, qos: 1}]}, remote: {name: silent}}",
                    "{hub: {subscriptions: [{topic: up/#, qos: 1}]}, remote: {name: cloud}}");
            awaitConnected();
            Probe near = opened(new Probe(hub));
            Probe far = opened(new Probe(cloud, "#"));

            for (int i = 0; i < 50; i++) {
                near.publish("up/1", "m" + i, 1);
                assertThat(far.next()).isEqualTo("up/1/1 m" + i);
            }

            assertThat(world.reported("silent", "state")).startsWith("silent: ");
            long before = System.nanoTime();
            open.removeFirst().close();
            open.removeFirst().close();
            open.removeFirst().close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(12));
        }
    }

    @Test
    public void withoutARemoteThatIsThereItStartsAndSaysSo() throws Exception {
        cloud.kill();
        bridge("{hub: {subscriptions: [{topic: up/#, qos: 1}]}, remote: {name: cloud}}");

        await().atMost(LIMIT).until(() -> world.reported("cloud", "state").equals("cloud: connection refused"));
    }
}
