package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** How long a flow is held that a broker refuses. */
public class RefusalsTest {
    private final AtomicLong now = new AtomicLong();
    private final Refusals refusals = new Refusals(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private Duration held() {
        Duration held = Duration.ZERO;
        while (refusals.holds()) {
            pass(Duration.ofSeconds(1));
            held = held.plusSeconds(1);
        }
        return held;
    }

    @Test
    public void theWaitDoublesUpToAMinute() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            refusals.refused("quota exceeded");
            refusals.refused("of the same moment");
            assertThat(held()).hasSeconds(seconds);
        }
    }

    @Test
    public void whenOneHasPassedTheWaitIsShortAgain() {
        refusals.refused("quota exceeded");
        held();
        refusals.refused("quota exceeded");
        refusals.passed();
        assertThat(refusals.reason()).isEqualTo("quota exceeded");
        assertThat(held()).hasSeconds(2);

        refusals.refused("quota exceeded");
        assertThat(held()).hasSeconds(1);
        refusals.passed();
        assertThat(refusals.reason()).isEmpty();
    }
}
