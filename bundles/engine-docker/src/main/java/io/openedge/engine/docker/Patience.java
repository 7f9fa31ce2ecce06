package io.openedge.engine.docker;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How long a call may take. The sockets of the library know no time-out, but a read of them ends when its thread is
 * interrupted. Thread rule: any thread; each call is its own thread's.
 */
final class Patience implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Patience(ScheduledThreadPoolExecutor timer) {
        this.timer = timer;
    }

    /** A call begins on this thread; it is interrupted when the limit passes before {@link Call#end}. */
    Call begin(Duration limit) {
        return new Call(limit);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One call. */
    final class Call {
        private final Thread thread = Thread.currentThread();
        private final Future<?> alarm;
        private boolean over; // guarded by this
        private boolean late; // guarded by this

        private Call(Duration limit) {
            alarm = timer.schedule(this::interrupt, limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void interrupt() {
            if (!over) {
                late = true;
                thread.interrupt();
            }
        }

        /** @return whether the limit had passed; the thread is as if it had not been interrupted for that */
        boolean end() {
            alarm.cancel(false);
            synchronized (this) {
                over = true;
                if (late) {
                    Thread.interrupted();
                }
                return late;
            }
        }
    }
}
