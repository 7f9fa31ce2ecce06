package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends a connection that is silent for too long. Owned by the connection's loop. */
final class Watch {
    private final EventLoop loop;
    private final Runnable silent;
    private @Nullable Future<?> timer;
    private boolean heard;
    private long last;
    private long limit;

    Watch(EventLoop loop, Runnable silent) {
        this.loop = loop;
        this.silent = silent;
    }

    /** From now on. Unit: milliseconds; 0: for ever. */
    void start(long limitMillis) {
        stop();
        limit = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        last = System.nanoTime();
        if (limit > 0) {
            timer = loop.schedule(this::check, limit, TimeUnit.NANOSECONDS);
        }
    }

    /** A whole packet came. */
    void heard() {
        heard = true;
    }

    /** The time is taken once for all packets that came together. */
    void turnEnded() {
        if (heard) {
            heard = false;
            last = System.nanoTime();
        }
    }

    private void check() {
        turnEnded();
        long left = limit - (System.nanoTime() - last);
        if (left <= 0) {
            silent.run();
        } else {
            timer = loop.schedule(this::check, left, TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
