package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.Test;

/** How long a client waits between its tries. */
public class BackoffTest {
    @Test
    public void waitsDoubleFromHalfASecondUpToTheLimit() {
        Backoff backoff = new Backoff(Duration.ofSeconds(5), new Random(1) {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return 0;
            }
        });

        assertThat(IntStream.range(0, 6).mapToLong(i -> backoff.next()))
                .containsExactly(500L, 1000L, 2000L, 4000L, 5000L, 5000L);
    }

    @Test
    public void waitsDifferByUpToAFifth() {
        Random random = new Random(1);

        assertThat(IntStream.range(0, 100).mapToLong(i -> new Backoff(Duration.ofMinutes(1), random).next()))
                .allMatch(wait -> wait >= 400 && wait <= 500)
                .anyMatch(wait -> wait < 420)
                .anyMatch(wait -> wait > 480);
    }

    @Test
    public void onlyAConnectionThatLastedStartsTheRowAnew() {
        Backoff backoff = new Backoff(Duration.ofMinutes(1), new Random(1));
        IntStream.range(0, 5).forEach(i -> backoff.next());

        backoff.lasted(Duration.ofSeconds(1));
        assertThat(backoff.next()).isGreaterThan(10_000);

        backoff.lasted(Duration.ofMinutes(2));
        assertThat(backoff.next()).isLessThanOrEqualTo(500);
    }

    @Test
    public void aVeryShortLimitIsKept() {
        Backoff backoff = new Backoff(Duration.ofMillis(50), new Random(1));

        assertThat(backoff.next()).isBetween(40L, 50L);
        assertThat(backoff.next()).isBetween(40L, 50L);
    }
}
