package io.openedge.master.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.RestartPolicy;
import io.openedge.app.RestartPolicy.Backoff;
import io.openedge.app.RestartPolicy.Policy;
import io.openedge.app.RestartPolicy.Retry;
import io.openedge.engine.Exit;
import io.openedge.master.supervise.Restarts.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What follows the end of a run. */
public class RestartsTest {
    private static final Duration NEVER_WORKED = Duration.ZERO;
    private static final Duration A_MOMENT = Duration.ofMillis(20);

    @Test
    public void everyPolicyMeetsEveryEnd() {
        List<Exit> failures =
                List.of(new Exit.Code(1), new Exit.Signal(9), new Exit.OutOfMemory(), new Exit.Failed("no python"));

        assertThat(after(Policy.ALWAYS, new Exit.Normal())).isEqualTo("restart");
        assertThat(after(Policy.ON_FAILURE, new Exit.Normal())).isEqualTo("stopped");
        assertThat(after(Policy.NO, new Exit.Normal())).isEqualTo("stopped");
        for (Exit failure : failures) {
            assertThat(after(Policy.ALWAYS, failure)).isEqualTo("restart");
            assertThat(after(Policy.ON_FAILURE, failure)).isEqualTo("restart");
            assertThat(after(Policy.NO, failure)).isEqualTo("failed");
        }
        for (Policy policy : Policy.values()) {
            assertThat(after(policy, new Exit.Gone("its bundle went"))).isEqualTo("restart");
        }
    }

    @Test
    public void theWaitGrowsToItsMaximum() {
        Restarts restarts = new Restarts(policy(Policy.ALWAYS, 0));

        assertThat(waits(restarts, 6)).containsExactly(1000L, 2000L, 4000L, 8000L, 9000L, 9000L);
    }

    @Test
    public void aHealthyRunResetsTheWait() {
        Restarts restarts = new Restarts(policy(Policy.ALWAYS, 0));
        waits(restarts, 3);

        Decision next = restarts.after(new Exit.Code(1), Duration.ofSeconds(10));

        assertThat(delay(next)).isEqualTo(1000L);
    }

    @Test
    public void aRunShorterThanTheWaitBeforeItIsNotHealthy() {
        RestartPolicy slow = new RestartPolicy(
                Policy.ALWAYS, new Retry(0), new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(9), 3));
        Restarts restarts = new Restarts(slow);
        restarts.after(new Exit.Code(1), NEVER_WORKED);

        assertThat(delay(restarts.after(new Exit.Code(1), Duration.ofSeconds(59))))
                .isEqualTo(Duration.ofMinutes(3).toMillis());
        assertThat(delay(restarts.after(new Exit.Code(1), Duration.ofMinutes(3))))
                .isEqualTo(Duration.ofMinutes(1).toMillis());
    }

    @Test
    public void afterRetriesWithoutAHealthyRunItIsGivenUp() {
        Restarts restarts = new Restarts(policy(Policy.ON_FAILURE, 2));
        waits(restarts, 2);

        assertThat(restarts.after(new Exit.Code(7), A_MOMENT))
                .isEqualTo(new Decision.End(true, "exit code 7; given up after 2 restarts"));
    }

    @Test
    public void healthyRunsInBetweenResetTheCount() {
        Restarts restarts = new Restarts(policy(Policy.ALWAYS, 2));

        for (int run = 0; run < 20; run++) {
            assertThat(restarts.after(new Exit.Code(1), Duration.ofMinutes(1))).isInstanceOf(Decision.Restart.class);
        }
    }

    @Test
    public void whatCarriesItGoingIsNoFailure() {
        Restarts restarts = new Restarts(policy(Policy.ALWAYS, 1));
        waits(restarts, 1);

        for (int swap = 0; swap < 20; swap++) {
            assertThat(restarts.after(new Exit.Gone("its bundle was updated"), A_MOMENT))
                    .isEqualTo(new Decision.Restart(Duration.ZERO, "its bundle was updated"));
        }
    }

    @Test
    public void whatGoesAgainAndAgainBeforeItWorksDoesNotSpin() {
        Restarts restarts = new Restarts(policy(Policy.ALWAYS, 0));
        Decision last = new Decision.End(false, "");
        for (int swap = 0; swap < 11; swap++) {
            last = restarts.after(new Exit.Gone("its bundle went"), NEVER_WORKED);
        }

        assertThat(delay(last)).isEqualTo(1000L);
    }

    private static RestartPolicy policy(Policy policy, int max) {
        return new RestartPolicy(policy, new Retry(max), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(9), 2));
    }

    private static String after(Policy policy, Exit exit) {
        Decision decision = new Restarts(policy(policy, 0)).after(exit, A_MOMENT);
        return decision instanceof Decision.End end ? end.failed() ? "failed" : "stopped" : "restart";
    }

    private static List<Long> waits(Restarts restarts, int count) {
        List<Long> waits = new ArrayList<>();
        for (int run = 0; run < count; run++) {
            waits.add(delay(restarts.after(new Exit.Code(1), A_MOMENT)));
        }
        return waits;
    }

    private static long delay(Decision decision) {
        return ((Decision.Restart) decision).delay().toMillis();
    }
}
