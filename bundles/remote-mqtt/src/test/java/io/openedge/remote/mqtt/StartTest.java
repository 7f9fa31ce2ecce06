package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import io.openedge.mqtt.MqttVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Test;

/** In which order sessions begin, with brokers that let in whom the test names. */
public class StartTest {
    private static final String[] PRIORITY = {
        "hub: {address: 'tcp://hub:1883'}",
        "remotes: [{name: cloud, address: 'tcp://cloud:1883'}]",
        "rules:",
        "  - hub: {clientid: near, subscriptions: [{topic: data/#, qos: 1}], priority: [data/alarm, data/fire]}",
        "    remote: {name: cloud, clientid: far, subscriptions: [{topic: down/#}], priority: [down/stop]}"
    };

    /** Sessions that a broker has let in are connected at once; the others wait. */
    private static final class Brokers extends World {
        private final Map<String, MqttHandler> asked = new ConcurrentHashMap<>();
        private final Set<String> closed = ConcurrentHashMap.newKeySet();
        private final Set<String> welcome;

        Brokers(Set<String> welcome, String... lines) {
            super(Path.of("").toAbsolutePath(), lines);
            this.welcome = welcome;
        }

        @Override
        public MqttClient connect(MqttClientConfig config, MqttHandler handler) {
            sessions.add(config);
            asked.put(config.clientId(), handler);
            if (welcome.contains(config.clientId())) {
                handler.onConnected();
            }
            return new MqttClient() {
                @Override
                public CompletionStage<Void> publish(MqttMessage message) {
                    return new CompletableFuture<>();
                }

                @Override
                public MqttVersion version() {
                    return MqttVersion.V3_1_1;
                }

                @Override
                public boolean connected() {
                    return false;
                }

                @Override
                public void close() {
                    closed.add(config.clientId());
                }
            };
        }

        void letIn(String clientId) {
            asked.get(clientId).onConnected();
        }

        void refuse(String clientId) {
            asked.get(clientId).onFailed("not authorised");
        }
    }

    @Test
    public void theHubIsConnectedOnceAllSessionsAre() throws Exception {
        Brokers world = new Brokers(
                Set.of("one"),
                "hub: {address: 'tcp://hub:1883'}",
                "remotes: [{name: cloud, address: 'tcp://cloud:1883'}]",
                "rules:",
                "  - {hub: {clientid: one, subscriptions: [{topic: a}]}, remote: {name: cloud, clientid: far}}",
                "  - {hub: {clientid: two, subscriptions: [{topic: b}]}, remote: {name: cloud}}");
        try (Bridge bridge = Bridge.start(world)) {
            assertThat(bridge.awaitHub(Duration.ZERO)).isFalse();
            world.letIn("two");
            assertThat(bridge.awaitHub(Duration.ZERO)).isTrue();
        }
    }

    @Test
    public void theRestBeginsOnceAllItsPriorityClassesHaveSubscribed() throws Exception {
        Brokers world = new Brokers(Set.of(), PRIORITY);
        try (Bridge bridge = Bridge.start(world)) {
            assertThat(world.asked).containsOnlyKeys("near-p1", "near-p2", "far-p1", "far-p2");
            world.letIn("near-p1");
            world.letIn("far-p1"); // far-p2 has nothing to subscribe to
            await().until(() -> world.asked.containsKey("far"));
            assertThat(world.asked).doesNotContainKey("near");
            world.letIn("near-p2");
            await().until(() -> world.asked.containsKey("near"));
            assertThat(bridge.awaitHub(Duration.ZERO)).isFalse();
        }
        assertThat(world.closed).containsExactlyInAnyOrder("near", "near-p1", "near-p2", "far", "far-p1", "far-p2");
    }

    @Test
    public void aRefusedPriorityClassHoldsUpTheRestOfItsSide() throws Exception {
        Brokers world = new Brokers(Set.of("near-p1", "far-p1"), PRIORITY);
        try (Bridge bridge = Bridge.start(world)) {
            world.refuse("near-p2");
            await().until(() -> world.asked.containsKey("far"));
            assertThat(world.asked).doesNotContainKey("near");
            await().untilAsserted(() -> assertThat(world.reported.get("hub")).isEqualTo("near-p2: not authorised"));
            assertThat(bridge.awaitHub(Duration.ZERO)).isFalse();
        }
        assertThat(world.closed).doesNotContain("near");
    }

    @Test
    public void aRefusedSubscriptionOfAPriorityClassDropsItsConnection() throws Exception {
        Brokers world = new Brokers(Set.of("near-p1", "near-p2", "far-p1", "far-p2"), PRIORITY);
        try (Bridge bridge = Bridge.start(world)) {
            await().until(() -> world.asked.keySet().containsAll(Set.of("near", "far")));
            assertThat(world.sessions)
                    .allMatch(each -> each.validateSubs() == each.clientId().contains("-p"));
            assertThat(bridge.awaitHub(Duration.ZERO)).isFalse();
        }
    }

    @Test
    public void echoesOfASessionAreExpectedBeforeAnythingIsPublished() throws Exception {
        MqttClientConfig config = new Brokers(Set.of(), PRIORITY)
                .configuration(BridgeConfig.class)
                .hub();
        boolean[] upBefore = new boolean[1];
        Session[] session = new Session[1];
        Echoes echoes = new Echoes(List.of(new MqttSubscription("a", 0)), () -> {
            upBefore[0] |= session[0].up();
            return 0;
        });
        session[0] = new Session(config, echoes);
        session[0].onConnected();
        assertThat(session[0].up()).isTrue();
        assertThat(upBefore[0]).isFalse();
    }
}
