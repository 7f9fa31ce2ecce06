package io.openedge.hub.auth;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for comparisons with hashed passwords, half as many as processors, and a queue that ends: a flood of logins
 * takes nothing from the event loops. There are no threads while nobody logs in. Thread rule: any thread.
 */
final class Checks implements AutoCloseable {
    private static final int QUEUE = 64;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    Checks() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread thread = new Thread(task, "hub-login");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** False when too many wait. */
    boolean later(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
