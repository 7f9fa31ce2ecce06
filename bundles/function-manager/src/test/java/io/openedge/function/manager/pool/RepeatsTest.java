package io.openedge.function.manager.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.manager.FakeLoop;
import io.openedge.function.manager.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Test;

/** What the log says of failures that come again and again. */
public class RepeatsTest {
    private final FakeLoop loop = new FakeLoop();
    private final FakeWorld world = new FakeWorld(Path.of("/"));
    private final Repeats failures = new Repeats(loop, world.logger());

    @Test
    public void aFailureIsSaidOnceAndThenCountedOnceAMinute() {
        failures.warn("instance python.sayhi.1: cannot start");
        failures.warn("instance python.sayhi.2: cannot start");
        failures.warn("instance python.sayhi.13: cannot start");
        failures.warn("no {} answer");
        assertThat(world.logged).containsExactly("WARN instance python.sayhi.1: cannot start", "WARN no {} answer");

        loop.advance(Duration.ofMinutes(1));
        assertThat(world.logged).last().isEqualTo("WARN instance python.sayhi.1: cannot start (2 times more)");

        loop.advance(Duration.ofMinutes(5));
        assertThat(world.logged).hasSize(3);
        failures.warn("no {} answer");
        assertThat(world.logged).hasSize(4);
    }

    @Test
    public void manyDifferentFailuresAreNotKept() {
        for (char first = 'a'; first <= 'z'; first++) {
            for (char second = 'a'; second <= 'z'; second++) {
                failures.warn("" + first + second);
            }
        }

        failures.warn("zz");
        failures.warn("aa");

        assertThat(world.logged).hasSize(26 * 26 + 1);
    }
}
