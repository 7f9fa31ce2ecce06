package io.openedge.function.python;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.runners.Parameterized;
import org.junit.runners.model.RunnerScheduler;

/** Runs a class for several of its parameters at the same time: most of it is waiting for processes. */
public final class AtTheSameTime extends Parameterized {
    private static final int THREADS = 4;

    public AtTheSameTime(Class<?> type) throws Throwable {
        super(type);
        setScheduler(new Threads());
    }

    private static final class Threads implements RunnerScheduler {
        private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

        @Override
        public void schedule(Runnable tests) {
            pool.execute(tests);
        }

        @Override
        public void finished() {
            pool.shutdown();
            try {
                if (!pool.awaitTermination(10, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("the tests do not end");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
