package io.openedge.function.manager.pool;

import static io.openedge.function.FunctionException.Kind.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionException;
import io.openedge.function.manager.FakeFunctions.Call;
import io.openedge.function.manager.FakeGateway.Starts;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** A message that ends its instance: what its next tries cost the others. */
public class SuspectsTest extends PoolFixture {
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    private List<String> inFlight() {
        return functions.calls.stream()
                .map(call -> call.address().substring(call.address().length() - 1) + " " + text(call))
                .toList();
    }

    private static String text(Call call) {
        return new String(call.message().payload(), UTF_8);
    }

    private void endsItsInstance(String message) {
        functions.calls.stream()
                .filter(call -> text(call).equals(message))
                .findFirst()
                .orElseThrow()
                .answer()
                .completeExceptionally(new FunctionException(UNAVAILABLE, "killed"));
        functions.calls.removeIf(call -> call.answer().isDone());
    }

    private void answers(String message) {
        Call call = functions.calls.stream()
                .filter(one -> text(one).equals(message))
                .findFirst()
                .orElseThrow();
        functions.calls.remove(call);
        call.answer().complete(call.message());
    }

    @Test
    public void itsNextTriesAreInAnInstanceOfItsOwnWhileTheOthersGoOn() {
        pool(0, 1, 64);
        send("killer");
        endsItsInstance("killer");
        send("good");
        assertThat(inFlight()).containsExactly("1 good");

        loop.advance(FIRST_WAIT);
        assertThat(inFlight()).containsExactly("1 good", "2 killer");
        endsItsInstance("killer");
        assertThat(world.gateway.running).containsExactly("python.sayhi.1");
        loop.advance(FIRST_WAIT.multipliedBy(2));
        assertThat(inFlight()).containsExactly("1 good", "2 killer");
        endsItsInstance("killer");

        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("killed"));
        assertThat(world.gateway.running).containsExactly("python.sayhi.1");
        answers("good");
        assertThat(answers).containsExactly("good");
    }

    @Test
    public void theInstanceOfItsOwnGoesOnceItHasAnAnswer() {
        pool(0, 1, 64);
        send("unlucky");
        endsItsInstance("unlucky");
        send("good");
        loop.advance(FIRST_WAIT);
        assertThat(inFlight()).containsExactly("1 good", "2 unlucky");
        send("waits for the first");

        answers("unlucky");

        assertThat(world.gateway.running).containsExactly("python.sayhi.1");
        assertThat(inFlight()).containsExactly("1 good");
        answers("good");
        answers("waits for the first");
        assertThat(answers).containsExactly("unlucky", "good", "waits for the first");
    }

    @Test
    public void othersThatComeAndGoKeepAnInstanceToo() {
        pool(0, 1, 64);
        send("killer");
        endsItsInstance("killer");
        send("good");
        answers("good");

        loop.advance(FIRST_WAIT);
        assertThat(inFlight()).containsExactly("2 killer");
        endsItsInstance("killer");
        send("another good");

        assertThat(inFlight()).containsExactly("1 another good");
        assertThat(world.gateway.stopped).containsExactly("python.sayhi.1", "python.sayhi.2");
    }

    @Test
    public void aloneItNeedsNoSecondInstance() {
        pool(0, 1, 64);
        send("killer");
        endsItsInstance("killer");

        loop.advance(FIRST_WAIT);

        assertThat(inFlight()).containsExactly("1 killer");
        assertThat(world.gateway.running).containsExactly("python.sayhi.1");
    }

    @Test
    public void withoutOneMoreItHasItsTurnAloneBeforeTheOthers() {
        pool(0, 1, 64);
        send("killer");
        endsItsInstance("killer");
        send("good");
        world.gateway.starts = Starts.FAIL;

        loop.advance(FIRST_WAIT);
        send("later");
        assertThat(inFlight()).containsExactly("1 good");
        answers("good");
        assertThat(inFlight()).containsExactly("1 killer");
        answers("killer");

        assertThat(inFlight()).containsExactly("1 later");
    }

    @Test
    public void aRuntimeThatRunsByItselfHasNoMoreConnectionsThanItsMaximum() {
        FunctionConfig fixed = new FunctionConfig(
                "sayhi",
                null,
                "host:1",
                null,
                null,
                null,
                new FunctionConfig.Instances(1, 1, null, null, 64),
                null,
                null,
                null);
        loop.execute(() -> {
            pool = new Pool(world, fixed, loop);
            lane = pool.lane(() -> false);
        });
        send("killer");
        endsItsInstance("killer");
        send("good");

        loop.advance(FIRST_WAIT);

        assertThat(inFlight()).containsExactly("1 good");
        assertThat(pool.size()).isEqualTo(1);
        answers("good");
        assertThat(inFlight()).containsExactly("1 killer");
    }

    @Test
    public void whatWaitsForAnInstanceOfItsOwnIsLeftToTheHubWhenThePoolCloses() {
        pool(0, 1, 64);
        send("killer");
        endsItsInstance("killer");
        send("good");
        world.gateway.starts = Starts.HANG;
        loop.advance(FIRST_WAIT);
        assertThat(inFlight()).containsExactly("1 good");

        loop.execute(pool::drain);

        assertThat(answers).containsExactly("abandoned");
        answers("good");
        assertThat(answers).containsExactly("abandoned", "good");
    }
}
