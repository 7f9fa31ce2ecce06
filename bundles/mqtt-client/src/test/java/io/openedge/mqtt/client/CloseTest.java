package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static io.openedge.mqtt.client.Clients.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.internal.netty.NettyEventLoopProvider;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttSubscription;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** What remains of a connection that is closed: nothing. */
@RunWith(Parameterized.class)
public class CloseTest {
    @Parameters(name = "MQTT {0}")
    public static List<String> versions() {
        return List.of("3.1.1", "5");
    }

    @Parameter
    public String version;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder();
    private Mosquitto broker;

    @Before
    public void startBroker() throws Exception {
        clients.version = version;
        broker = Mosquitto.open(folder.getRoot().toPath());
    }

    @After
    public void stopBroker() {
        broker.close();
    }

    @Test
    public void noThreadRemainsWhateverTheStateWas() throws Exception {
        Set<String> before = threads();
        MqttClient up = clients.connect(config(tcp(broker), "up", new MqttSubscription("t", 1)), recorder);
        recorder.nextState();
        up.publish(message("t", "not acknowledged", 1));
        recorder.next();
        MqttClient refused = clients.connect(config("tcp://127.0.0.1:" + Mosquitto.freePort(), "down"), recorder);
        await().until(() -> !clients.logged().stream()
                .filter(line -> line.contains("connection refused"))
                .toList()
                .isEmpty());
        MqttClient connecting = clients.connect(config("tcp://192.0.2.1:1883", "connecting"), recorder);
        MqttClient young = clients.connect(config(tcp(broker), "young"), new Recorder());
        assertThat(threads()).hasSizeGreaterThan(before.size());

        up.close();
        refused.close();
        connecting.close();
        young.close();
        up.close();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(eventLoops()).isEmpty();
        assertThat(up.connected()).isFalse();
        assertThat(recorder.states).isEmpty();
    }

    @Test
    public void theBrokerHearsAGoodbye() throws Exception {
        MqttClient client = clients.connect(config(tcp(broker), "polite"), recorder);
        recorder.nextState();

        client.close();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                Files.readString(folder.getRoot().toPath().resolve("mosquitto.log")))
                        .contains("Client polite disconnected."));
    }

    @Test
    public void whatIsNotAcknowledgedHasFailed() throws Exception {
        try (Relay relay = new Relay(broker.port())) {
            MqttClient client = clients.connect(config("tcp://127.0.0.1:" + relay.port(), "a"), recorder);
            recorder.nextState();
            relay.swallow();
            CompletionStage<Void> sent = client.publish(message("t", "lost", 1));

            client.close();

            assertThatThrownBy(() -> sent.toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(MqttException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> client.publish(message("t", "late", 1))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(MqttException.class);
        }
    }

    @Test
    public void aHandlerMayCloseItsOwnConnection() throws Exception {
        CompletableFuture<MqttClient> self = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        MqttClient client = clients.connect(config(tcp(broker), "a"), new MqttHandler() {
            @Override
            public void onMessage(Delivery delivery) {}

            @Override
            public void onConnected() {
                self.thenAccept(MqttClient::close).thenAccept(closed::complete);
            }
        });
        self.complete(client);

        closed.get(20, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(10)).until(() -> threads().stream().noneMatch("mqtt-a"::equals));
    }

    @Test
    public void aClosedClientDoesNotHoldItsHandler() throws Exception {
        MqttHandler handler = new Recorder();
        WeakReference<MqttHandler> trace = new WeakReference<>(handler);
        MqttClient client = clients.connect(config(tcp(broker), "a"), handler);
        await().until(client::connected);

        client.close();
        handler = null;

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            System.gc();
            return trace.get() == null;
        });
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility") && !name.startsWith("process reaper"))
                .collect(Collectors.toSet());
    }

    private static Map<?, ?> eventLoops() throws ReflectiveOperationException {
        Field entries = NettyEventLoopProvider.class.getDeclaredField("entries");
        entries.setAccessible(true);
        return (Map<?, ?>) entries.get(NettyEventLoopProvider.INSTANCE);
    }
}
