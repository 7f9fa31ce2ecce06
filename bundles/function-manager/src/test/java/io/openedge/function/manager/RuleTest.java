package io.openedge.function.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.FakeFunctions.Call;
import io.openedge.function.manager.FakeHub.Incoming;
import io.openedge.function.manager.FakeHub.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a rule promises of messages: their order, their identity when the hub sends them again, where they end. */
public class RuleTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeLoop loop = new FakeLoop();
    private FakeWorld world;

    private Session start(String more) throws Exception {
        return start("", more);
    }

    private Session start(String hub, String more) throws Exception {
        world = new FakeWorld(folder.getRoot().toPath())
                .configured(
                        "hub: {address: 'tcp://localhub:1883'" + hub + "}",
                        "rules:",
                        "- {clientid: r, subscribe: {topic: '#', qos: 1}, function: {name: f}, publish: {topic: x, qos: 1}"
                                + more + "}",
                        "functions: [{name: f, service: python, instance: {min: 3, max: 3}}]");
        ManagerInstance.start(world, loop, () -> Instant.ofEpochSecond(1560000000L));
        assertThat(world.warnings).isEmpty();
        return world.hub.sessions.get("r");
    }

    private List<String> inFlight() {
        return world.functions.calls.stream().map(call -> text(call.message())).toList();
    }

    private static String text(FunctionMessage message) {
        return new String(message.payload(), UTF_8);
    }

    private List<String> ids() {
        return world.functions.history.stream()
                .map(FunctionMessage::functionInvokeId)
                .toList();
    }

    @Test
    public void orderIsKeptPerTopicWhileTopicsRunAtOnce() throws Exception {
        Session session = start(", order: true");
        session.deliver("a", "a1", 1);
        session.deliver("a", "a2", 1);
        session.deliver("b", "b1", 1);
        session.deliver("a", "a3", 0);

        assertThat(inFlight()).containsExactly("a1", "b1");
        world.functions.fail(Kind.USER_CODE, "x");
        assertThat(inFlight()).as("a1 has another try").containsExactly("b1");
        loop.advance(Duration.ofMillis(100));
        assertThat(inFlight()).containsExactly("b1", "a1");
        world.functions.answer("b1");
        world.functions.answer("a1");
        assertThat(inFlight()).containsExactly("a2");
        world.functions.answer("a2");
        world.functions.answer("a3");

        assertThat(world.hub.payloads()).containsExactly("b1", "a1", "a2", "a3");
    }

    @Test
    public void withOrderTheNextBeginsOnlyOnceTheResultIsSafe() throws Exception {
        Session session = start(", order: true");
        world.hub.acknowledges = false;
        session.deliver("a", "a1", 1);
        session.deliver("a", "a2", 1);
        world.functions.answer("r1");
        assertThat(inFlight()).isEmpty();

        world.hub.acknowledge();

        assertThat(inFlight()).containsExactly("a2");
    }

    @Test
    public void withOrderWhatIsLeftToTheHubComesAgainBeforeThoseBehindIt() throws Exception {
        Session session = start(", order: true");
        Incoming first = session.deliver("a", "a1", 1);
        Incoming second = session.deliver("a", "a2", 1);
        session.handler.onDisconnected("the cable is out");
        world.hub.up = false;
        world.functions.answer("lost");
        assertThat(inFlight()).as("a2 must not come out before a1").isEmpty();

        world.hub.up = true;
        session.handler.onConnected();
        session.deliverAgain(first);
        session.deliverAgain(second);
        world.functions.answer("r1");
        world.functions.answer("r2");

        assertThat(world.hub.payloads()).containsExactly("r1", "r2");
    }

    @Test
    public void aMessageThatIsStillComputedWhenItComesAgainIsNotComputedTwice() throws Exception {
        Session session = start("");
        Incoming before = session.deliver("a", 1);
        session.handler.onDisconnected("the cable is out");
        session.handler.onConnected();
        Incoming again = session.deliverAgain(before);
        assertThat(inFlight()).containsExactly("a");

        world.functions.answer("r");

        assertThat(world.hub.payloads()).containsExactly("r");
        assertThat(again.acknowledged).isTrue();
    }

    @Test
    public void aMessageThatComesAgainAfterItsResultCouldNotBeAcknowledgedHasTheSameId() throws Exception {
        Session session = start("");
        Incoming before = session.deliver("a", 1);
        session.handler.onDisconnected("the cable is out");
        world.functions.answer("r");
        session.handler.onConnected();
        session.deliverAgain(before);
        world.functions.answer("r");
        session.deliver("a", 1);
        world.functions.answer("r");

        assertThat(ids()).hasSize(3);
        assertThat(ids().get(1)).isEqualTo(ids().get(0));
        assertThat(ids().get(2)).as("another message with the same content").isNotEqualTo(ids().get(0));
    }

    @Test
    public void withACleanSessionNothingComesAgainSoAnEqualMessageHasAnIdOfItsOwn() throws Exception {
        Session session = start(", cleansession: true", "");
        session.deliver("a", 1);
        session.handler.onDisconnected("the cable is out");
        world.functions.answer("r");
        session.handler.onConnected();

        session.deliver("a", 1);

        assertThat(ids()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    public void aMessageWhoseAcknowledgementWasLostHasTheSameId() throws Exception {
        Session session = start("");
        Incoming before = session.deliver("a", 1);
        world.functions.answer("r");
        assertThat(before.acknowledged).isTrue();
        session.handler.onDisconnected("the cable is out");
        session.handler.onConnected();

        session.deliver("a", 1);
        session.deliverAgain(before);

        assertThat(ids()).hasSize(3);
        assertThat(ids().get(1)).as("not marked as a duplicate").isNotEqualTo(ids().get(0));
        assertThat(ids().get(2)).isEqualTo(ids().get(0));
    }

    @Test
    public void afterTheLastTryADeadLetterSaysTriesAndTopic() throws Exception {
        Session session = start(", deadletter: {topic: dead, qos: 1}, retry: {max: 2}");
        Incoming input = session.deliver("in/7", "a", 1);
        for (int i = 0; i < 2; i++) {
            world.functions.fail(Kind.USER_CODE, "Exception calling application: no");
            loop.advance(Duration.ofSeconds(1));
        }

        assertThat(world.hub.published).singleElement().satisfies(m -> {
            assertThat(m.topic()).isEqualTo("dead");
            assertThat(m.qos()).isEqualTo(1);
            JsonNode letter = new ObjectMapper().readTree(m.payload());
            assertThat(letter.get("tries").asInt()).isEqualTo(2);
            assertThat(letter.get("topic").asText()).isEqualTo("in/7");
            assertThat(letter.get("errorMessage").asText())
                    .isEqualTo("rpc error: code = Unknown desc = Exception calling application: no");
            assertThat(letter.at("/functionMessage/Payload").asText()).isEqualTo("YQ==");
        });
        assertThat(input.acknowledged).isTrue();
    }

    @Test
    public void rulesOfOneFunctionTakeTurns() throws Exception {
        world = new FakeWorld(folder.getRoot().toPath())
                .configured(
                        "hub: {address: 'tcp://localhub:1883'}",
                        "rules:",
                        "- {clientid: many, subscribe: {topic: a}, function: {name: f}, publish: {topic: x}}",
                        "- {clientid: few, subscribe: {topic: b}, function: {name: f}, publish: {topic: x}}",
                        "functions: [{name: f, service: python, instance: {min: 1, max: 1, pipeline: 1}}]");
        ManagerInstance.start(world, loop, () -> Instant.ofEpochSecond(1560000000L));
        for (int i = 0; i < 500; i++) {
            world.hub.sessions.get("many").deliver("many", 1);
        }
        world.hub.sessions.get("few").deliver("few", 1);

        world.functions.answer("r");
        world.functions.answer("r");

        assertThat(world.functions.calls)
                .singleElement()
                .extracting(Call::message)
                .extracting(RuleTest::text)
                .isEqualTo("few");
    }

    @Test
    public void aTopicAtWhichTheHubClosesTheConnectionEachTimeIsNamed() throws Exception {
        Session session = start("");
        world.hub.acknowledges = false;
        session.deliver("a", 1);
        world.functions.answer("r");
        for (int i = 0; i < 2; i++) {
            session.handler.onDisconnected("the broker closed the connection");
            session.handler.onFailed("connection refused");
        }
        assertThat(world.logged).isEmpty();

        session.handler.onFailed("the broker closed the connection");

        assertThat(world.logged)
                .containsExactly("WARN rule r: the hub closes the connection each time it gets a result for x:"
                        + " the user needs the right to publish there");
    }
}
