package io.openedge.function.manager.pool;

import static io.openedge.function.FunctionException.Kind.NOT_DELIVERED;
import static io.openedge.function.FunctionException.Kind.NOT_FOUND;
import static io.openedge.function.FunctionException.Kind.TIMEOUT;
import static io.openedge.function.FunctionException.Kind.TOO_LARGE;
import static io.openedge.function.FunctionException.Kind.UNAVAILABLE;
import static io.openedge.function.FunctionException.Kind.USER_CODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.FakeFunctions;
import io.openedge.function.manager.FakeGateway.Starts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** How a pool grows and shrinks, and what becomes of a message when starts and calls fail. */
public class PoolTest extends PoolFixture {
    @Test
    public void aPoolGrowsWhileAllAreBusyUpToItsMaximumUnderDistinctNames() {
        pool(0, 3);
        assertThat(world.gateway.started).isEmpty();

        for (int i = 0; i < 5; i++) {
            send("m" + i);
        }

        assertThat(world.gateway.started).containsExactly("python.sayhi.1", "python.sayhi.2", "python.sayhi.3");
        assertThat(functions.calls)
                .extracting(FakeFunctions.Call::address)
                .containsExactly("osgi:python.sayhi.1", "osgi:python.sayhi.2", "osgi:python.sayhi.3");
        functions.answer("r0");
        assertThat(functions.calls.get(2).address()).isEqualTo("osgi:python.sayhi.1");
        while (!functions.calls.isEmpty()) {
            functions.answer("r");
        }
        assertThat(answers).containsExactly("r0", "r", "r", "r", "r");
        assertThat(pool.size()).isEqualTo(3);
    }

    @Test
    public void oneIdleInstanceServesWhatComesOneByOne() {
        pool(0, 10);
        for (int i = 0; i < 20; i++) {
            send("m");
            functions.answer("r");
        }

        assertThat(world.gateway.started).containsExactly("python.sayhi.1");
    }

    @Test
    public void anInstanceThatWasDeadAlreadyCostsNoTry() {
        pool(0, 3);
        send("a");
        send("b");
        send("c");
        functions.answer("a");
        functions.answer("b");
        functions.answer("c");

        send("m");
        for (int i = 0; i < 3; i++) {
            functions.fail(NOT_DELIVERED, "the worker has ended");
        }
        functions.fail(UNAVAILABLE, "killed");
        loop.advance(Duration.ofSeconds(1));
        functions.fail(UNAVAILABLE, "killed");
        loop.advance(Duration.ofSeconds(1));
        functions.answer("r");

        assertThat(failures).isEmpty();
        assertThat(answers).containsExactly("a", "b", "c", "r");
    }

    @Test
    public void aMessageThatNoInstanceEverGetsHasAnEnd() {
        pool(0, 1);
        send("m");

        int calls = 0;
        while (!functions.calls.isEmpty()) {
            functions.fail(NOT_DELIVERED, "the worker has ended");
            loop.advance(Duration.ofSeconds(1));
            calls++;
        }

        assertThat(calls).isEqualTo(2 * TRIES);
        assertThat(failures).hasSize(1);
    }

    @Test
    public void theMinimumIsThereFromTheStartAndComesBack() {
        pool(2, 2);
        assertThat(world.gateway.running).hasSize(2);

        send("m");
        functions.fail(UNAVAILABLE, "killed");

        assertThat(world.gateway.running).hasSize(2);
    }

    @Test
    public void afterAThousandFailedStartsThePoolIsAsLargeAsBefore() {
        world.gateway.starts = Starts.FAIL;
        pool(0, 2);
        while (world.gateway.started.size() < 1000) {
            send("lost");
            send("lost");
            loop.advance(Duration.ofMinutes(1));
        }
        assertThat(world.gateway.stopped).hasSameSizeAs(world.gateway.started);
        loop.advance(Duration.ofMinutes(10));
        failures.clear();

        world.gateway.starts = Starts.WORK;
        send("a");
        send("b");

        assertThat(world.gateway.running).containsExactly("python.sayhi.1", "python.sayhi.2");
        functions.answer("a");
        functions.answer("b");
        assertThat(answers).containsExactly("a", "b");
        assertThat(failures).isEmpty();
    }

    @Test
    public void aFailedStartIsATryAndTheNextWaitsLonger() {
        world.gateway.starts = Starts.FAIL;
        pool(0, 1);
        send("m");
        assertThat(world.gateway.started).hasSize(1);

        loop.advance(Duration.ofMillis(99));
        assertThat(world.gateway.started).hasSize(1);
        loop.advance(Duration.ofMillis(1));
        assertThat(world.gateway.started).hasSize(2);
        loop.advance(Duration.ofMillis(199));
        assertThat(failures).isEmpty();
        loop.advance(Duration.ofMillis(1));

        assertThat(failures).singleElement().satisfies(e -> {
            assertThat(e.kind()).isEqualTo(UNAVAILABLE);
            assertThat(e).hasMessage("instance python.sayhi.1: cannot start: no Python runs here");
        });
        assertThat(world.gateway.running).isEmpty();
    }

    @Test
    public void growthThatFailsCostsNoTryWhileAnotherInstanceWorks() {
        pool(1, 2);
        world.gateway.starts = Starts.FAIL;
        send("a");
        send("b");
        loop.advance(Duration.ofSeconds(5));

        functions.answer("a");
        functions.answer("b");

        assertThat(answers).containsExactly("a", "b");
        assertThat(failures).isEmpty();
    }

    @Test
    public void aStartThatIsRefusedServesNothingOrNeverEndsIsAFailedStart() {
        world.gateway.starts = Starts.REFUSE;
        pool(0, 1);
        send("m");
        world.gateway.starts = Starts.WITHOUT_ADDRESS;
        loop.advance(Duration.ofMillis(100));
        world.gateway.starts = Starts.HANG;
        loop.advance(Duration.ofMillis(200));
        assertThat(failures).isEmpty();
        loop.advance(InstanceStarter.START_LIMIT);

        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("not started in 180 s"));
        world.gateway.hanging.get("python.sayhi.1").complete("osgi:late");
        assertThat(pool.size()).isZero();
        assertThat(world.gateway.stopped).hasSize(3);
    }

    @Test
    public void anInstanceThatGoesInACallIsReplacedAndTheSameCallIsTriedAgain() {
        pool(0, 1);
        world.gateway.stopsAtOnce = false;
        send("m");

        functions.fail(UNAVAILABLE, "Python worker was killed by signal 9 (SIGKILL)");
        loop.advance(Duration.ofMillis(100));

        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1");
        assertThat(world.gateway.started).containsExactly("python.sayhi.1", "python.sayhi.2");
        functions.answer("r");
        assertThat(answers).containsExactly("r");
        assertThat(functions.history)
                .extracting(FunctionMessage::functionInvokeId)
                .containsExactly("uuid-of-m", "uuid-of-m");
    }

    @Test
    public void aNumberIsFreeAgainOnceItsInstanceIsOver() {
        pool(0, 1);
        send("m");
        functions.fail(UNAVAILABLE, "gone");
        loop.advance(Duration.ofMillis(100));

        assertThat(world.gateway.started).containsExactly("python.sayhi.1", "python.sayhi.1");
    }

    @Test
    public void aCallThatTakesTooLongLosesItsInstanceAndItsLateAnswer() {
        pool(0, 1);
        send("m");
        FakeFunctions.Call slow = functions.next();
        loop.advance(Duration.ofSeconds(30));
        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1");
        slow.answer().complete(slow.message());

        for (int i = 1; i < TRIES; i++) {
            loop.advance(Duration.ofSeconds(1));
            functions.next();
            loop.advance(Duration.ofSeconds(30));
        }

        assertThat(answers).isEmpty();
        assertThat(failures).singleElement().satisfies(e -> assertThat(e.kind()).isEqualTo(TIMEOUT));
        assertThat(functions.history).hasSize(TRIES);
    }

    @Test
    public void aMessageThatRaisesWaitsAsideWhileOthersAreComputed() {
        pool(0, 1);
        send("poison");
        functions.fail(USER_CODE, "x");
        send("good");
        functions.answer("good");
        loop.advance(Duration.ofMillis(100));
        functions.fail(USER_CODE, "x");
        loop.advance(Duration.ofMillis(199));
        assertThat(functions.calls).isEmpty();
        loop.advance(Duration.ofMillis(1));
        functions.fail(USER_CODE, "the last");

        assertThat(answers).containsExactly("good");
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("the last"));
        assertThat(world.gateway.started).hasSize(1);
    }

    @Test
    public void whatAnotherTryCannotChangeIsTriedOnce() {
        pool(0, 1);
        send("m");
        functions.fail(NOT_FOUND, "function not found");
        send("x".repeat(101));

        assertThat(failures).extracting(FunctionException::kind).containsExactly(NOT_FOUND, TOO_LARGE);
        assertThat(functions.history).hasSize(1);
        assertThat(world.gateway.stopped).isEmpty();
    }

    @Test
    public void instancesThatAreIdleForLongAreStoppedDownToTheMinimum() {
        pool(1, 3);
        for (int i = 0; i < 3; i++) {
            send("m");
        }
        for (int i = 0; i < 3; i++) {
            functions.answer("r");
        }
        loop.advance(Duration.ofMinutes(9));
        assertThat(world.gateway.running).hasSize(3);
        send("m");
        functions.answer("r"); // by the one that was used last

        loop.advance(Duration.ofMinutes(1));

        assertThat(world.gateway.running).containsExactly("python.sayhi.3");
        loop.advance(Duration.ofHours(1));
        assertThat(world.gateway.running).containsExactly("python.sayhi.3");
    }

    @Test
    public void aFullPoolRefusesAndItsFeedersTakeTurns() {
        pool(0, 1);
        List<String> turns = new ArrayList<>();
        for (String feeder : List.of("one", "two")) {
            pool.lane(() -> {
                turns.add(feeder);
                return submit(lane, feeder);
            });
        }
        for (int i = 0; i < Pool.CAPACITY; i++) {
            assertThat(send("m")).isTrue();
        }
        assertThat(send("m")).isFalse();

        for (int i = 0; i < 4; i++) {
            functions.answer("r");
        }

        assertThat(turns).containsExactly("one", "two", "one", "two");
    }

    @Test
    public void drainingGivesUpWhatWaitsAndAwaitsWhatRuns() {
        pool(0, 1, 1);
        send("runs");
        send("waits");
        send("poison");
        functions.fail(USER_CODE, "x");
        var drained = new CompletableFuture<Void>();

        loop.execute(() -> pool.drain().thenRun(() -> drained.complete(null)));

        assertThat(answers).containsExactly("abandoned", "abandoned");
        assertThat(drained).isNotDone();
        functions.answer("r");
        assertThat(answers).containsExactly("abandoned", "abandoned", "r");
        assertThat(drained).isDone();
        assertThat(send("late")).isFalse();

        loop.execute(() -> pool.close());
        assertThat(world.gateway.running).isEmpty();
    }
}
