package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.Test;

/** How long a client waits between its tries. */
public class BackoffTest {
    private long nanos = Long.MAX_VALUE - 1_000;
    private Backoff subject = new Backoff(Duration.ofMinutes(1), new Random(1), () -> nanos);

    @Test
    public void waitsDoubleFromHalfASecondUpToTheLimit() {
        Backoff backoff = new Backoff(
                Duration.ofSeconds(5),
                new Random(1) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public double nextDouble() {
                        return 0;
                    }
                },
                () -> nanos);

        assertThat(IntStream.range(0, 6).mapToLong(i -> backoff.next()))
                .containsExactly(500L, 1000L, 2000L, 4000L, 5000L, 5000L);
    }

    @Test
    public void waitsDifferByUpToAFifth() {
        Random random = new Random(1);

        assertThat(IntStream.range(0, 100)
                        .mapToLong(i -> new Backoff(Duration.ofMinutes(1), random, () -> nanos).next()))
                .allMatch(wait -> wait >= 400 && wait <= 500)
                .anyMatch(wait -> wait < 420)
                .anyMatch(wait -> wait > 480);
    }

    @Test
    public void aHealthyConnectionThatIsLostIsTriedAgainSoon() {
        Backoff backoff = afterManyTries();

        connectionOf(Duration.ofSeconds(3));

        assertThat(backoff.next()).isLessThanOrEqualTo(500);
    }

    @Test
    public void connectionsThatAreTakenOverAtOnceAreTriedLessAndLess() {
        Backoff backoff = afterManyTries();

        for (int i = 0; i < 5; i++) {
            connectionOf(Duration.ofMillis(2_900));
            assertThat(backoff.next()).isGreaterThan(10_000);
        }
    }

    @Test
    public void triesThatFailDoNotCountAsTheConnectionBeforeThem() {
        Backoff backoff = afterManyTries();
        connectionOf(Duration.ofSeconds(1));

        for (int i = 0; i < 3; i++) {
            nanos += Duration.ofMinutes(5).toNanos();
            backoff.disconnected();
            assertThat(backoff.next()).isGreaterThan(10_000);
        }
    }

    private Backoff afterManyTries() {
        subject = new Backoff(Duration.ofMinutes(1), new Random(1), () -> nanos);
        IntStream.range(0, 6).forEach(i -> subject.next());
        return subject;
    }

    private void connectionOf(Duration time) {
        subject.connected();
        nanos += time.toNanos();
        subject.disconnected();
    }

    @Test
    public void aVeryShortLimitIsKept() {
        Backoff backoff = new Backoff(Duration.ofMillis(50), new Random(1), () -> nanos);

        assertThat(backoff.next()).isBetween(40L, 50L);
        assertThat(backoff.next()).isBetween(40L, 50L);
    }
}
