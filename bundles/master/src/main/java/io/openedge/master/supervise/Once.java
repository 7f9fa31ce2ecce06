package io.openedge.master.supervise;

import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a task the first time it is asked to. Thread rule: any thread. */
final class Once implements Runnable {
    private final AtomicBoolean done = new AtomicBoolean();
    private final Runnable task;

    Once(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        if (done.compareAndSet(false, true)) {
            task.run();
        }
    }
}
