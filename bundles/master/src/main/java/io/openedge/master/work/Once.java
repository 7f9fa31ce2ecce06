package io.openedge.master.work;

import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a task the first time it is asked to. Thread rule: any thread. */
public final class Once implements Runnable {
    private final AtomicBoolean done = new AtomicBoolean();
    private final Runnable task;

    public Once(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        if (done.compareAndSet(false, true)) {
            task.run();
        }
    }
}
