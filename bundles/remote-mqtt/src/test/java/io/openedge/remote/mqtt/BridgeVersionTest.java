package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.client.Mosquitto;
import java.nio.file.Files;
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

/** A bridge to a remote that speaks MQTT 5: what stays as it was, and what the remote refuses. */
public class BridgeVersionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String UP = "{hub: {subscriptions: [{topic: up/#, qos: 2}]}, remote: {name: cloud}}";
    private static final String DOWN = "{remote: {name: cloud, subscriptions: [{topic: down/#, qos: 2}]}}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Mosquitto hub;
    private World world;

    @Before
    public void hub() throws Exception {
        hub = opened(Mosquitto.open(folder.newFolder("hub").toPath()));
    }

    @After
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.addFirst(resource);
        return resource;
    }

    private Mosquitto cloud(String... lines) throws Exception {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("allow_anonymous true");
        return opened(Mosquitto.start(folder.newFolder("cloud").toPath(), all.toArray(String[]::new)));
    }

    private ModuleInstance bridge(Mosquitto cloud, String version, String rule) throws Exception {
        world = new World(
                folder.getRoot().toPath(),
                "hub: {address: 'tcp://127.0.0.1:" + hub.port() + "', interval: 500ms}",
                "remotes: [{name: cloud, address: 'tcp://127.0.0.1:" + cloud.port() + "', interval: 500ms" + version
                        + "}]",
                "rules: [" + rule + "]");
        ModuleInstance bridge = opened(new RemoteMqttModule().start(world));
        awaitReport("state", "connected");
        return bridge;
    }

    private void awaitReport(String key, String value) {
        await(key)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.reported("cloud", key)).isEqualTo(value));
    }

    @Test
    public void theReportSaysWhatIsSpoken() throws Exception {
        Mosquitto cloud = cloud();
        bridge(cloud, "", UP).close();
        assertThat(world.reported("cloud", "version")).isEqualTo("5");
        bridge(cloud, ", version: 3.1.1", UP).close();
        assertThat(world.reported("cloud", "version")).isEqualTo("3.1.1");
        bridge(cloud, ", version: 5", UP);
        assertThat(world.reported("cloud", "version")).isEqualTo("5");
    }

    @Test
    public void whatWaitsInTheSessionComesAlsoWhenTheRemoteWasRestartedAndTheVersionChanged() throws Exception {
        Mosquitto cloud = cloud();
        Probe near = opened(new Probe(hub, "down/#"));
        bridge(cloud, ", version: 3.1.1", DOWN).close();
        int number = 0;
        for (String version : List.of(", version: 5", "", ", version: 3.1.1")) {
            Probe far = new Probe(cloud);
            far.publish("down/" + number, "one", 1);
            far.publish("down/" + number, "two", 2);
            far.close();
            cloud.stop();
            cloud.start();

            ModuleInstance bridge = bridge(cloud, version, DOWN);
            assertThat(List.of(near.next(), near.next()))
                    .containsExactlyInAnyOrder("down/" + number + "/1 one", "down/" + number + "/2 two");
            bridge.close();
            number++;
        }
        assertThat(near.heard).isEmpty();
    }

    @Test
    public void aMessageThatIsTooLongIsCountedAndToldAndHoldsUpNothing() throws Exception {
        Mosquitto cloud = cloud("max_packet_size 1000");
        ModuleInstance bridge = bridge(cloud, "", UP);
        Probe near = opened(new Probe(hub));
        Probe far = opened(new Probe(cloud, "up/#"));

        for (int qos = 0; qos <= 2; qos++) {
            near.publish("up/large", "x".repeat(2000), qos);
            near.publish("up/small", "x", qos);
            assertThat(far.next()).isEqualTo("up/small/" + qos + " x");
        }
        awaitReport("refused", "3");
        awaitReport("waiting", "0");
        awaitReport("dropped", "0");
        assertThat(world.reported("cloud", "state")).isEqualTo("connected");
        assertThat(world.reported("cloud", "losses")).isEqualTo("0");
        bridge.close();
        assertThat(world.logged())
                .anyMatch(line -> line.contains("refused for good: 3 so far, the last one up/large: it is longer"));
    }

    @Test
    public void aMessageThatIsForbiddenWaitsUntilItIsAllowed() throws Exception {
        Path rights = folder.newFile("rights").toPath();
        Files.writeString(rights, "topic read #\n");
        Mosquitto cloud = cloud("acl_file " + rights);
        bridge(cloud, "", UP);
        Probe near = opened(new Probe(hub));
        Probe far = opened(new Probe(cloud, "up/#"));
        near.publish("up/1", "one", 1);
        near.publish("up/2", "two", 2);

        await("it is told")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(world.reported("cloud", "state"))
                        .startsWith("cloud: refuses up/")
                        .endsWith("not authorised"));
        assertThat(world.reported("cloud", "waiting")).isEqualTo("2");
        assertThat(far.heard).isEmpty();

        Files.writeString(rights, "topic readwrite #\n");
        cloud.reload();
        assertThat(List.of(far.next(), far.next())).containsExactlyInAnyOrder("up/1/1 one", "up/2/2 two");
        awaitReport("state", "connected");
        awaitReport("waiting", "0");
        awaitReport("refused", "0");
        assertThat(world.reported("cloud", "losses")).isEqualTo("0");
    }

    @Test
    public void propertiesOfMessagesFromTheRemoteAreLeftThere() throws Exception {
        Mosquitto cloud = cloud();
        bridge(cloud, "", DOWN);
        Probe near = opened(new Probe(hub, "down/#"));

        for (int qos = 0; qos <= 2; qos++) {
            String line =
                    "mosquitto_pub -V mqttv5 -h 127.0.0.1 -p " + cloud.port() + " -q " + qos + " -t down/x -m hello"
                            + " -D publish user-property a b -D publish content-type text/plain"
                            + " -D publish message-expiry-interval 60 -D publish response-topic answer"
                            + " -D publish correlation-data 1";
            Process publisher = new ProcessBuilder(line.split(" ")).inheritIO().start();
            assertThat(publisher.waitFor()).isZero();
            assertThat(near.next()).isEqualTo("down/x/" + qos + " hello");
        }
    }
}
