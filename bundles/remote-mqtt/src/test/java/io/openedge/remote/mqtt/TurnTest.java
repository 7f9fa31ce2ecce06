package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.Test;

/** Work of many askers, done by one at a time. */
public class TurnTest {
    private static final int EACH = 20_000;

    @Test
    public void nothingIsLeftAndNothingRunsTwiceAtOnce() throws Exception {
        Queue<Integer> offered = new ConcurrentLinkedQueue<>();
        List<Integer> done = new ArrayList<>(); // no list for many threads
        Turn turn = new Turn(() -> {
            for (Integer next = offered.poll(); next != null; next = offered.poll()) {
                done.add(next);
            }
        });
        CountDownLatch ready = new CountDownLatch(4);
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread asker = new Thread(() -> {
                ready.countDown();
                for (int number = 0; number < EACH; number++) {
                    offered.add(number);
                    turn.ask();
                }
            });
            asker.start();
            askers.add(asker);
        }
        for (Thread asker : askers) {
            asker.join();
        }

        assertThat(done).hasSize(4 * EACH);
        assertThat(offered).isEmpty();
    }

    @Test
    public void workThatAsksRunsAgainAndAFaultIsNotTheEnd() {
        List<String> runs = new ArrayList<>();
        Turn[] turn = new Turn[1];
        turn[0] = new Turn(() -> {
            runs.add("run");
            if (runs.size() == 1) {
                turn[0].ask();
            } else if (runs.size() == 3) {
                throw new IllegalStateException("a fault");
            }
        });

        turn[0].ask();
        assertThat(runs).hasSize(2);
        assertThatThrownBy(() -> turn[0].ask()).isInstanceOf(IllegalStateException.class);
        turn[0].ask();
        assertThat(runs).hasSize(4);
    }
}
