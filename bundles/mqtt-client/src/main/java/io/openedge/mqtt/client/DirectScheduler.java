package io.openedge.mqtt.client;

import io.reactivex.Scheduler;
import io.reactivex.disposables.Disposable;
import io.reactivex.disposables.Disposables;
import io.reactivex.plugins.RxJavaPlugins;
import java.util.concurrent.TimeUnit;

/** Runs at once on the caller's thread, so that all of a connection happens on its own thread. Stateless. */
final class DirectScheduler extends Scheduler {
    /**
     * Replaces the library's pools by {@code this}: the client's defaults would start threads for them that never end.
     * The library is this bundle's own copy, so nobody else is affected.
     */
    DirectScheduler insteadOfPools() {
        RxJavaPlugins.setInitComputationSchedulerHandler(ignored -> this);
        RxJavaPlugins.setInitIoSchedulerHandler(ignored -> this);
        RxJavaPlugins.setInitNewThreadSchedulerHandler(ignored -> this);
        RxJavaPlugins.setInitSingleSchedulerHandler(ignored -> this);
        return this;
    }

    @Override
    public Worker createWorker() {
        return new DirectWorker();
    }

    private static final class DirectWorker extends Worker {
        private volatile boolean disposed;

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            if (delay > 0) {
                throw new UnsupportedOperationException("There is no timer here");
            }
            task.run();
            return Disposables.disposed();
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
