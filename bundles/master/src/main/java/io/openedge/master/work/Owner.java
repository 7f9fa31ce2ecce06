package io.openedge.master.work;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order they came, on a shared pool: what only its tasks touch needs no lock.
 * Tasks must not block. Who posts bounds what it posts. Thread rule: any thread.
 */
public final class Owner implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Owner.class);
    private static final int TURN = 64;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Executor pool;

    Owner(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            wake();
        }
    }

    private void wake() {
        try {
            pool.execute(this::drain);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the gateway has ended; a late task is dropped");
        }
    }

    private void drain() {
        for (int done = 0; done < TURN; done++) {
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
            }
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
        wake(); // others of the pool get their turn
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) { // whatever it is, the tasks after it must run
            LOG.error("a task of the gateway failed", bug);
        }
    }
}
