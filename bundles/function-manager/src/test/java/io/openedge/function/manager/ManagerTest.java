package io.openedge.function.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.app.ConfigException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.manager.FakeHub.Incoming;
import io.openedge.function.manager.FakeHub.Session;
import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.MqttSubscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** From the hub through a function and back, with every way in which that can fail. */
public class ManagerTest {
    private static final String HUB = "hub: {address: 'tcp://localhub:1883', username: test, keepalive: 0}";
    private static final int PLACES = 1000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeLoop loop = new FakeLoop();
    private FakeWorld world;

    @Before
    public void makeTheWorld() {
        world = new FakeWorld(folder.getRoot().toPath());
    }

    private Session start(int subscribeQos, int publishQos) throws Exception {
        world.configured(
                HUB,
                "rules:",
                "- {clientid: func-1, subscribe: {topic: t, qos: " + subscribeQos + "}, function: {name: sayhi},",
                "   publish: {topic: t/hi, qos: " + publishQos + "}, retry: {max: 0}}",
                "functions:",
                "- {name: sayhi, service: python, instance: {max: 0}, message: {length: {max: 4m}}}",
                "logger: {path: var/log/openedge/service.log}");
        startInstance();
        return world.hub.sessions.get("func-1");
    }

    private ManagerInstance startInstance() throws Exception {
        return ManagerInstance.start(world, loop, () -> Instant.ofEpochSecond(1560000000L));
    }

    private JsonNode errorMessage() throws Exception {
        assertThat(world.hub.published).hasSize(1);
        assertThat(world.hub.published.get(0).topic()).isEqualTo("t/hi");
        return new ObjectMapper().readTree(world.hub.published.get(0).payload());
    }

    @Test
    public void aMessageGoesInAndTheAnswerComesOut() throws Exception {
        Session session = start(0, 0);
        assertThat(session.config.subscriptions()).containsExactly(new MqttSubscription("t", 0));
        assertThat(world.warnings).isEmpty();

        session.deliver("{\"id\":1}", 0);
        world.functions.answer("hi");

        assertThat(world.functions.history).singleElement().satisfies(call -> {
            assertThat(call.topic()).isEqualTo("t");
            assertThat(call.payload()).isEqualTo("{\"id\":1}".getBytes(UTF_8));
            assertThat(call.timestamp()).isEqualTo(1560000000L);
            assertThat(call.functionName()).isEqualTo("sayhi");
            assertThat(call.functionInvokeId()).hasSize(36);
        });
        assertThat(world.hub.events).containsExactly("published t/hi", "acknowledged {\"id\":1}");
        assertThat(world.hub.payloads()).containsExactly("hi");
    }

    @Test
    public void aServiceThatTheApplicationDoesNotHaveIsSaidAtTheStart() throws Exception {
        start(0, 0);
        assertThat(world.logged).isEmpty();

        world.gateway.services.remove("python");
        start(0, 0);

        assertThat(world.logged)
                .containsExactly("WARN service.yml: functions[0].service: the application has no service 'python',"
                        + " so that function 'sayhi' cannot be computed; there are: localhub");
    }

    @Test
    public void theInstanceReportsHowItGetsOnWithTheHub() throws Exception {
        Session session = start(0, 0);
        session.handler.onDisconnected("the broker closed the connection");
        session.handler.onFailed("the broker refuses user name or password");
        session.handler.onFailed("the broker refuses user name or password");
        session.handler.onConnected();

        assertThat(world.gateway.reports)
                .containsExactly(
                        "function-manager {hub=connected}",
                        "function-manager {hub=rule func-1: the broker closed the connection}",
                        "function-manager {hub=rule func-1: the broker refuses user name or password}",
                        "function-manager {hub=connected}");
    }

    @Test
    public void aMessageThatFailsAgainAndAgainIsSaidOnce() throws Exception {
        Session session = start(0, 0);
        for (int message = 0; message < 5; message++) {
            session.deliver("m" + message, 0);
            for (int i = 0; i < 3; i++) {
                world.functions.fail(Kind.USER_CODE, "division by zero");
                loop.advance(Duration.ofSeconds(1));
            }
        }
        assertThat(world.logged).containsExactly("WARN rule func-1: no answer for a message on t: division by zero");

        loop.advance(Duration.ofMinutes(1));

        assertThat(world.logged)
                .last()
                .isEqualTo("WARN rule func-1: no answer for a message on t: division by zero (4 times more)");
    }

    /** A client is not connected by its own words while it subscribes; the connection that brought the input is there. */
    @Test
    public void aResultThatIsRefusedAtTheBeginningOfAConnectionIsTriedAgain() throws Exception {
        Session session = start(1, 1);
        world.hub.up = false;
        Incoming input = session.deliver("a", 1);
        world.functions.answer("hi");
        assertThat(input.acknowledged).isFalse();

        world.hub.up = true;
        loop.advance(Duration.ofSeconds(1));

        assertThat(world.hub.payloads()).containsExactly("hi");
        assertThat(input.acknowledged).isTrue();
    }

    @Test
    public void theInputIsAcknowledgedOnlyOnceTheHubHasTheResult() throws Exception {
        Session session = start(1, 1);
        world.hub.acknowledges = false;
        Incoming a = session.deliver("a", 1);
        world.functions.answer("hi");
        assertThat(world.hub.published).hasSize(1);
        assertThat(a.acknowledged).isFalse();

        world.hub.acknowledge();

        assertThat(a.acknowledged).isTrue();
    }

    @Test
    public void theQosOfTheResultIsTheLowerOfRuleAndMessage() throws Exception {
        for (int message = 0; message <= 1; message++) {
            for (int rule = 0; rule <= 1; rule++) {
                world = new FakeWorld(folder.getRoot().toPath());
                Session session = start(1, rule);
                session.deliver("a", message);
                world.functions.answer("hi");
                assertThat(world.hub.published.get(0).qos()).isEqualTo(Math.min(rule, message));
            }
        }
    }

    @Test
    public void anEmptyResultPublishesNothingAndAcknowledges() throws Exception {
        Incoming a = start(1, 1).deliver("a", 1);
        world.functions.answer("");

        assertThat(world.hub.published).isEmpty();
        assertThat(a.acknowledged).isTrue();
    }

    @Test
    public void afterTheLastTryTheErrorMessageGoesToTheRulesTopic() throws Exception {
        Incoming a = start(1, 1).deliver("{\"id\":1,\"device\":\"111\"}", 1);
        for (int i = 0; i < 3; i++) {
            world.functions.fail(
                    Kind.USER_CODE, "Exception calling application: ('[UserCodeInvoke] ', TypeError('x'))");
            loop.advance(Duration.ofSeconds(1));
        }

        String id = world.functions.history.get(0).functionInvokeId();
        assertThat(errorMessage())
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"errorMessage\": \"rpc error: code = Unknown desc = Exception calling"
                                + " application: ('[UserCodeInvoke] ', TypeError('x'))\","
                                + "\"errorType\": \"*status.statusError\", \"functionMessage\": {\"ID\": 0, \"QOS\": 1,"
                                + "\"Topic\": \"t\", \"Payload\": \"eyJpZCI6MSwiZGV2aWNlIjoiMTExIn0=\","
                                + "\"Timestamp\": 1560000000, \"FunctionName\": \"sayhi\","
                                + "\"FunctionInvokeID\": \"" + id + "\"}}"));
        assertThat(a.acknowledged).isTrue();
        assertThat(world.functions.history)
                .extracting(m -> m.functionInvokeId())
                .containsExactly(id, id, id);
    }

    @Test
    public void aFunctionThatTheRuntimeLacksIsSaidAtOnce() throws Exception {
        start(0, 0).deliver("a", 0);
        world.functions.fail(Kind.NOT_FOUND, "Exception calling application: function not found");

        assertThat(errorMessage().get("errorMessage").asText())
                .isEqualTo("rpc error: code = Unknown desc = Exception calling application: function not found");
        assertThat(errorMessage().at("/functionMessage/QOS").asInt(-1)).isZero();
    }

    @Test
    public void aFullPoolLosesQos0AndKeepsQos1Unacknowledged() throws Exception {
        Session session = start(1, 1);
        for (int i = 0; i < PLACES; i++) {
            session.deliver("m", 1);
        }
        session.deliver("lost", 0);
        session.deliver("lost", 0);
        loop.advance(Duration.ofSeconds(1));
        Incoming waits = session.deliver("waits", 1);

        for (int i = 0; i < PLACES; i++) {
            assertThat(waits.acknowledged).isFalse();
            world.functions.answer("r");
        }
        world.functions.answer("of waits");

        assertThat(world.logged)
                .filteredOn(line -> line.contains("lost"))
                .containsExactly("WARN rule func-1: messages of QoS 0 are lost, 1 so far: function sayhi is too slow");
        assertThat(waits.acknowledged).isTrue();
        assertThat(world.hub.payloads()).hasSize(PLACES + 1).endsWith("of waits");
        assertThat(world.functions.history).noneMatch(m -> new String(m.payload(), UTF_8).equals("lost"));
    }

    @Test
    public void resultsThatTheHubDoesNotAcknowledgeFillThePoolToo() throws Exception {
        Session session = start(1, 1);
        world.hub.acknowledges = false;
        for (int i = 0; i < PLACES; i++) {
            session.deliver("m", 1);
            world.functions.answer("r");
        }
        session.deliver("next", 1);
        assertThat(world.functions.calls).isEmpty();

        world.hub.acknowledge();

        assertThat(world.functions.calls).hasSize(1);
    }

    @Test
    public void aResultThatTheHubDoesNotTakeIsTriedAgainWhileConnected() throws Exception {
        Session session = start(1, 1);
        world.hub.acknowledges = false;
        Incoming a = session.deliver("a", 1);
        world.functions.answer("r");
        for (int i = 0; i < 10; i++) {
            world.hub.unacknowledged.remove(0).completeExceptionally(new IllegalStateException("too many"));
            assertThat(a.acknowledged).isFalse();
            loop.advance(Duration.ofSeconds(10));
        }
        world.hub.acknowledge();

        assertThat(a.acknowledged).isTrue();
        assertThat(world.hub.payloads()).hasSize(11).containsOnly("r");
    }

    @Test
    public void withoutAConnectionTheInputIsLeftToTheHub() throws Exception {
        Session session = start(1, 1);
        List<Incoming> all = new ArrayList<>();
        for (int i = 0; i <= PLACES; i++) {
            all.add(session.deliver("m", 1));
        }
        world.hub.up = false;
        session.handler.onDisconnected("the cable is out");
        for (int i = 0; i < PLACES; i++) {
            world.functions.answer("r");
        }

        assertThat(all).noneMatch(incoming -> incoming.acknowledged);
        assertThat(world.functions.calls)
                .as("what waited comes again from the hub")
                .isEmpty();
    }

    @Test
    public void closingTakesNoMoreStopsInstancesAndDisconnects() throws Exception {
        world.configured(
                HUB,
                "server: {address: '127.0.0.1:50051', concurrent: {max: 5}}",
                "rules:",
                "- {subscribe: {topic: a}, function: {name: f}, publish: {topic: x}}",
                "- {subscribe: {topic: b}, function: {name: f}, publish: {topic: y}}",
                "functions: [{name: f, service: python, instance: {min: 2, max: 2}}]");
        ManagerInstance manager = startInstance();
        assertThat(manager.server().address()).isEqualTo("127.0.0.1:50051");
        assertThat(manager.server().concurrent().max()).isEqualTo(5);
        assertThat(world.hub.sessions).containsOnlyKeys("function-manager-rule1", "function-manager-rule2");
        assertThat(world.gateway.running).hasSize(2);

        manager.close();
        manager.close();

        assertThat(world.gateway.running).isEmpty();
        assertThat(world.hub.sessions.values()).allMatch(session -> session.closed);
        Incoming late = world.hub.sessions.get("function-manager-rule1").deliver("late", 1);
        assertThat(late.acknowledged).isFalse();
        assertThat(world.functions.history).isEmpty();
    }

    @Test
    public void theRealLoopAnswersAndLeavesNoThread() throws Exception {
        world.configured(
                HUB,
                "rules: [{clientid: r, subscribe: {topic: t, qos: 1}, function: {name: f}, publish: {topic: x}}]",
                "functions: [{name: f, service: python}]");
        try (ModuleInstance manager = new FunctionManagerModule().start(world)) {
            world.hub.sessions.get("r").deliver("a", 1);
            await().atMost(10, TimeUnit.SECONDS).until(() -> !world.functions.calls.isEmpty());
            world.functions.answer("hi");
            await().atMost(10, TimeUnit.SECONDS).until(() -> world.hub.events.contains("acknowledged a"));
            assertThat(manager.endpoint()).isPresent();
            assertThat(manager.server().address()).isEmpty();
        }
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("function-manager-rules")));
    }

    @Test
    public void itWorksOnceItsRulesAreConnected() throws Exception {
        world.hub.reachable = false;
        world.configured(
                HUB,
                "rules: [{clientid: r, subscribe: {topic: t}, function: {name: f}, publish: {topic: x}}]",
                "functions: [{name: f, service: python}]");
        try (ManagerInstance manager = startInstance()) {
            assertThat(manager.awaitHub(Duration.ZERO)).isFalse();
            world.hub.sessions.get("r").handler.onConnected();
            assertThat(manager.awaitHub(Duration.ZERO)).isTrue();
        }
    }

    @Test
    public void wrongConfigurationsAreSaidWithTheirPlace() throws Exception {
        refused(
                "rules[1].function.name",
                "sayhi, saybye",
                "rules:",
                "- {clientid: a, subscribe: {topic: t}, function: {name: sayhi}, publish: {topic: x}}",
                "- {clientid: b, subscribe: {topic: t}, function: {name: missing}, publish: {topic: x}}",
                "functions: [{name: sayhi, service: s}, {name: saybye, service: s}]");
        refused(
                "rules[1].clientid",
                "no other rule",
                "rules:",
                "- {clientid: a, subscribe: {topic: t}, function: {name: sayhi}, publish: {topic: x}}",
                "- {clientid: a, subscribe: {topic: t}, function: {name: sayhi}, publish: {topic: x}}",
                "functions: [{name: sayhi, service: s}]");
        refused("functions[0].instance.max", "1 to 100", "functions: [{name: f, service: s, instance: {max: 101}}]");
        refused(
                "rules[0].publish.topic",
                "without wildcards",
                "rules: [{subscribe: {topic: t}, function: {name: f}, publish: {topic: 'a/#'}}]",
                "functions: [{name: f, service: s}]");
        for (String filter : List.of("t/#/x", "t#", "t/a+", "")) {
            refused(
                    "rules[0].subscribe.topic: '" + filter + "'",
                    "a topic filter",
                    "rules: [{subscribe: {topic: '" + filter + "'}, function: {name: f}, publish: {topic: x}}]",
                    "functions: [{name: f, service: s}]");
        }
        refused("functions[0].service", "a name", "functions: [{name: f}]");
    }

    private void refused(String path, String allowed, String... lines) throws Exception {
        List<String> all = new ArrayList<>(List.of(HUB));
        all.addAll(List.of(lines));
        world.configured(all.toArray(new String[0]));
        assertThatThrownBy(() -> ManagerInstance.start(world, new FakeLoop(), Instant::now))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(path)
                .hasMessageContaining(allowed);
    }
}
