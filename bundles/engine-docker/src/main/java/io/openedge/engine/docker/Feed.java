package io.openedge.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon sends piece by piece, until it or somebody here ends it. Thread rule: the library's thread feeds it, any
 * thread waits or closes.
 */
final class Feed<T> implements ResultCallback<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final Consumer<T> pieces;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<Throwable> failure = Optional.empty();
    private Optional<Closeable> stream = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    /** @param pieces hears each, on the library's thread */
    Feed(Consumer<T> pieces) {
        this.pieces = pieces;
    }

    @Override
    public void onStart(Closeable opened) {
        boolean late;
        synchronized (this) {
            late = closed;
            stream = Optional.of(opened);
        }
        if (late) {
            end(opened);
        }
        begun.countDown();
    }

    @Override
    public void onNext(T piece) {
        pieces.accept(piece);
    }

    @Override
    public void onError(Throwable error) {
        if (failure.isEmpty()) {
            failure = Optional.of(error);
        }
        over.countDown();
    }

    @Override
    public void onComplete() {
        over.countDown();
    }

    /** Whether the daemon has begun to answer, or refused to. */
    boolean awaitBegin(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            if (begun.await(50, TimeUnit.MILLISECONDS) || over.getCount() == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has ended. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Why it ended, when that was no good end. */
    Optional<Throwable> failure() {
        return failure;
    }

    @Override
    public void close() {
        Optional<Closeable> open;
        synchronized (this) {
            closed = true;
            open = stream;
        }
        if (over.getCount() > 0) {
            open.ifPresent(Feed::end);
        }
    }

    private static void end(Closeable stream) {
        try {
            stream.close();
        } catch (IOException | RuntimeException e) { // its reader may be reading
            LOG.debug("a stream of the daemon was not closed cleanly", e);
        }
    }
}
