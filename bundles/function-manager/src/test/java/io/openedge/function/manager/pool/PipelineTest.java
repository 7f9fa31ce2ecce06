package io.openedge.function.manager.pool;

import static io.openedge.function.FunctionException.Kind.BUSY;
import static io.openedge.function.FunctionException.Kind.NOT_DELIVERED;
import static io.openedge.function.FunctionException.Kind.TIMEOUT;
import static io.openedge.function.FunctionException.Kind.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.FakeFunctions.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Instances that hold calls ahead, and what becomes of those when the call before them fails. */
public class PipelineTest extends PoolFixture {
    private static final Duration TIMEOUT_OF_A_CALL = Duration.ofSeconds(30);

    private void pool(int instances, int pipeline, Duration callTakes) {
        pool(instances, instances, pipeline);
        for (int i = 0; i < instances; i++) {
            send("first");
        }
        loop.advance(callTakes);
        for (int i = 0; i < instances; i++) {
            functions.answer("known");
        }
        answers.clear();
        functions.history.clear();
    }

    private List<String> inFlight() {
        return functions.calls.stream().map(call -> text(call.message())).toList();
    }

    private static String text(FunctionMessage message) {
        return new String(message.payload(), UTF_8);
    }

    @Test
    public void aQuickInstanceHoldsAsManyCallsAsItsPipeline() {
        pool(1, 5, Duration.ofMillis(1));

        for (int i = 0; i < 9; i++) {
            send("m" + i);
        }

        assertThat(inFlight()).containsExactly("m0", "m1", "m2", "m3", "m4");
        functions.answer("r");
        assertThat(inFlight()).containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    public void anInstanceThatRefusesWhatLiesBehindOthersIsWellAndIsGivenNoMoreThanItTakes() {
        pool(1, 64, Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            send("m" + i);
        }

        functions.calls.remove(3).answer().completeExceptionally(busy());
        functions.calls.remove(3).answer().completeExceptionally(busy());

        assertThat(world.gateway.stopped).isEmpty();
        assertThat(inFlight()).containsExactly("m0", "m1", "m2");
        while (!functions.calls.isEmpty()) {
            functions.answer("r");
            assertThat(functions.calls).hasSizeLessThanOrEqualTo(3);
        }
        assertThat(answers).hasSize(5).containsOnly("r");
        assertThat(functions.history).hasSize(7);
        assertThat(failures).isEmpty();
    }

    @Test
    public void anInstanceThatRefusesTheOnlyCallIsOfNoUse() {
        pool(1, 64, Duration.ofMillis(1));
        send("m");

        functions.fail(BUSY, "too many calls in flight");

        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1");
        loop.advance(Duration.ofSeconds(1));
        functions.answer("r");
        assertThat(answers).containsExactly("r");
    }

    private static FunctionException busy() {
        return new FunctionException(BUSY, "too many calls in flight");
    }

    @Test
    public void aSlowInstanceHasOneAtATime() {
        pool(1, 64, Duration.ofMillis(20));

        send("a");
        send("b");

        assertThat(inFlight()).containsExactly("a");
    }

    @Test
    public void nothingIsKnownOfANewInstanceSoItHasOneAtATime() {
        pool(0, 1, 64);
        send("a");
        send("b");

        assertThat(inFlight()).containsExactly("a");
    }

    @Test
    public void theOneWithTheLeastToDoIsGivenTheNext() {
        pool(2, 64, Duration.ofMillis(1));
        for (int i = 0; i < 6; i++) {
            send("m" + i);
        }

        assertThat(functions.calls.stream().map(Call::address).filter("osgi:python.sayhi.1"::equals))
                .hasSize(3);
        assertThat(functions.calls.subList(0, 2)).extracting(Call::address).doesNotHaveDuplicates();
    }

    @Test
    public void theLimitIsThatOfTheCallWhichIsComputed() {
        pool(1, 64, Duration.ofMillis(1));
        send("runs");
        send("behind");
        loop.advance(TIMEOUT_OF_A_CALL.minusMillis(1));
        functions.answer("r");

        loop.advance(TIMEOUT_OF_A_CALL.minusMillis(1));
        assertThat(world.gateway.stopped).isEmpty();
        loop.advance(Duration.ofMillis(1));

        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1");
        assertThat(failures).isEmpty();
    }

    @Test
    public void whatLayBehindACallThatTookTooLongGoesToAnotherInstanceAtOnce() {
        pool(1, 64, Duration.ofMillis(1));
        send("hangs");
        send("good");
        send("good too");

        loop.advance(TIMEOUT_OF_A_CALL);
        List<Call> late = new ArrayList<>(functions.calls.subList(0, 3));
        functions.calls.subList(0, 3).clear();
        late.forEach(call -> call.answer().complete(call.message()));

        assertThat(inFlight()).containsExactly("good");
        functions.answer("r1");
        functions.answer("r2");
        assertThat(answers).containsExactly("r1", "r2");
    }

    @Test
    public void anInstanceThatDiesTakesATryOfTheCallThatItComputedOnly() {
        pool(1, 64, Duration.ofMillis(1));
        send("killer");
        for (int i = 0; i < 3; i++) {
            send("good" + i);
        }
        for (int death = 0; death < TRIES; death++) {
            functions.calls.removeIf(call -> text(call.message()).startsWith("good"));
            functions.fail(UNAVAILABLE, "killed");
            while (!functions.calls.isEmpty()) {
                functions.answer("r");
            }
            loop.advance(Duration.ofSeconds(1));
        }

        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("killed"));
        assertThat(answers).containsExactly("r", "r", "r");
        assertThat(functions.history.stream().filter(m -> text(m).equals("killer")))
                .hasSize(TRIES);
    }

    @Test
    public void whatHasNotBegunWhenThePoolClosesIsLeftToTheHubEvenOnItsLastTry() {
        pool(1, 64, Duration.ofMillis(1));
        loop.execute(() -> submit(lane, "runs", 1));
        loop.execute(() -> submit(lane, "behind", 1));
        loop.execute(pool::drain);

        functions.fail(UNAVAILABLE, "killed");

        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("killed"));
        assertThat(answers).containsExactly("abandoned");
    }

    @Test
    public void nothingLiesBehindACallThatKilledAnInstance() {
        pool(1, 64, Duration.ofMillis(1));
        send("killer");
        functions.fail(UNAVAILABLE, "killed");
        send("a");
        functions.answer("the new one is quick");
        loop.advance(Duration.ofSeconds(1));
        assertThat(inFlight()).containsExactly("killer");

        send("good");

        assertThat(inFlight()).containsExactly("killer", "good");
        assertThat(functions.calls).extracting(Call::address).doesNotHaveDuplicates();
        functions.answer("r");
        assertThat(inFlight()).containsExactly("good");
    }

    @Test
    public void aCallThatWasNotDeliveredSaysNothingGoodOfTheOneBefore() {
        pool(1, 64, Duration.ofMillis(1));
        send("killer");
        send("late");
        Call killer = functions.next();
        functions.fail(NOT_DELIVERED, "the worker has ended");
        killer.answer().completeExceptionally(new IllegalStateException("is ignored"));

        assertThat(inFlight()).containsExactly("late");
        functions.answer("r");
        loop.advance(Duration.ofSeconds(1));
        functions.fail(UNAVAILABLE, "killed");
        loop.advance(Duration.ofSeconds(1));
        functions.fail(UNAVAILABLE, "killed");
        assertThat(answers).containsExactly("r");
        assertThat(failures).as("three tries of the killer").hasSize(1);
    }

    @Test
    public void whatIsAlwaysBehindOneThatDiesHasAnEndToo() {
        pool(1, 64, Duration.ofMillis(1));
        int deaths = 0;
        send("unlucky");
        while (failures.isEmpty() && answers.isEmpty() && deaths < 1000) {
            loop.advance(Duration.ofMinutes(1));
            functions.fail(TIMEOUT, "gone");
            deaths++;
        }

        assertThat(failures).hasSize(1);
    }

    @Test
    public void lanesTakeTurnsSoThatFewMessagesDoNotWaitBehindMany() {
        pool(1, 1, 1);
        Lane busy = pool.lane(() -> false);
        for (int i = 0; i < 100; i++) {
            loop.execute(() -> submit(busy, "many"));
        }
        loop.execute(() -> submit(lane, "few"));
        loop.execute(() -> submit(lane, "few"));

        for (int i = 0; i < 6; i++) {
            functions.answer("r");
        }

        assertThat(functions.history.stream().limit(7).map(PipelineTest::text))
                .containsExactly("many", "many", "few", "many", "few", "many", "many");
    }

    @Test
    public void anAnswerThatIsThereAtOnceIsTakenAtOnce() {
        functions.echoing = true;
        pool(0, 1, 1);
        for (int i = 0; i < 3; i++) {
            send("m" + i);
        }

        assertThat(answers).containsExactly("m0", "m1", "m2");
        assertThat(world.gateway.started).hasSize(1);
    }

    @Test
    public void anAnswerThatIsThereAtOnceDoesNotOvertakeTheOneBefore() {
        pool(1, 64, Duration.ofMillis(1));
        send("before");
        loop.execute(() -> {
            functions.answer("before");
            functions.echoing = true;
            submit(lane, "at once");
        });

        assertThat(answers).containsExactly("before", "at once");
    }

    @Test
    public void aRuntimeThatRunsByItselfHasOneCallForEachConnectionUnlessToldOtherwise() {
        var unsaid = new FunctionConfig.Instances(0, 4, null, null, 0);
        var said = new FunctionConfig.Instances(0, 4, null, null, 7);

        assertThat(config("python", null, unsaid).pipeline()).isEqualTo(64);
        assertThat(config(null, "host:1", unsaid).pipeline()).isEqualTo(1);
        assertThat(config(null, "host:1", said).pipeline()).isEqualTo(7);
    }

    @Test
    public void aCallThatTravelsHasTimeForThoseBeforeItInThePipe() {
        var instances = new FunctionConfig.Instances(0, 1, null, null, 4);

        assertThat(config("python", null, instances).client("host:1").timeout()).isEqualTo(Duration.ofSeconds(120));
        assertThat(config(null, "host:1", null).client("host:1").timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    private static FunctionConfig config(String service, String address, FunctionConfig.Instances instances) {
        return new FunctionConfig("f", service, address, null, null, null, instances, null, null, null);
    }
}
