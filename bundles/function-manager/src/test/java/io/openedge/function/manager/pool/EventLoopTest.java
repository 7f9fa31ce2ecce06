package io.openedge.function.manager.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.function.manager.FakeWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;

/** The loop on its real thread. */
public class EventLoopTest {
    private static final int LIMIT_SECONDS = 20;
    private static final int ROUNDS = 20_000;

    private final FakeWorld world = new FakeWorld(Path.of("/"));
    private final EventLoop loop = new EventLoop("loop-under-test", world.logger());

    @After
    public void close() {
        loop.close();
        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("loop-under-test")));
    }

    @Test
    public void aTaskIsNeverForgottenHoweverTheThreadWasGoingToSleep() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            assertThat(ran.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    public void tasksOfAThreadRunInTheirOrderAndATaskThatFailsEndsNothing() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < ROUNDS; i++) {
            int number = i;
            loop.execute(() -> seen.add(number));
            if (i == ROUNDS / 2) {
                loop.execute(() -> {
                    throw new IllegalStateException("a fault");
                });
            }
        }
        loop.execute(over::countDown);

        assertThat(over.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(ROUNDS).isSorted();
        assertThat(world.logged).containsExactly("ERROR a task of the function manager failed");
    }

    @Test
    public void whoBringsATaskRunsItWhileNothingElseRuns() throws Exception {
        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> {
            AtomicReference<Thread> ran = new AtomicReference<>();
            CountDownLatch over = new CountDownLatch(1);
            loop.runOrExecute(() -> {
                ran.set(Thread.currentThread());
                over.countDown();
            });
            assertThat(over.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return ran.get() == Thread.currentThread();
        });
    }

    @Test
    public void tasksOfManyThreadsNeverRunAtOnceAndThoseOfOneInTheirOrder() throws Exception {
        int threads = 4;
        int[] all = new int[1]; // of the loop: not safe otherwise
        int[] last = new int[threads];
        CountDownLatch over = new CountDownLatch(threads * ROUNDS);
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    int own = round;
                    Runnable task = () -> {
                        all[0]++;
                        assertThat(last[number]++).isEqualTo(own);
                        over.countDown();
                    };
                    if ((round + number) % 3 == 0) {
                        loop.execute(task);
                    } else {
                        loop.runOrExecute(task);
                    }
                }
            });
            thread.start();
        }

        assertThat(over.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(all[0]).isEqualTo(threads * ROUNDS);
        assertThat(world.logged).isEmpty();
    }

    @Test
    public void aTimerOfATaskThatAnotherThreadRunsIsNeverForgotten() throws Exception {
        for (int i = 0; i < ROUNDS / 100; i++) {
            CountDownLatch ran = new CountDownLatch(2);
            loop.runOrExecute(() -> loop.schedule(Duration.ofMillis(1), ran::countDown));
            loop.runOrExecute(() -> loop.execute(ran::countDown));
            assertThat(ran.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    public void timersRunInTheirOrderAlsoWhileTasksNeverEndAndNotWhenCancelled() throws Exception {
        List<String> seen = new ArrayList<>();
        AtomicInteger busy = new AtomicInteger(1);
        CountDownLatch over = new CountDownLatch(1);
        loop.execute(() -> again(busy));
        loop.schedule(Duration.ofMillis(40), () -> {
            seen.add("late");
            busy.set(0);
            over.countDown();
        });
        loop.schedule(Duration.ofMillis(20), () -> seen.add("early"));
        loop.schedule(Duration.ofMillis(10), () -> seen.add("cancelled")).cancel();
        loop.execute(() -> loop.schedule(Duration.ofMillis(10), () -> seen.add("cancelled"))
                .cancel());

        assertThat(over.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactly("early", "late");
    }

    private void again(AtomicInteger busy) {
        if (busy.get() == 1) {
            loop.execute(() -> again(busy));
        }
    }
}
