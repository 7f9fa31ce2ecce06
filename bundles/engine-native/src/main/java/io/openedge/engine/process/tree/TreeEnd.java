package io.openedge.engine.process.tree;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The end of a tree: asked at first, killed when the time is over. Thread rule: on one thread, which waits meanwhile.
 *
 * @param tree whose processes are to end
 * @param deadline when they are killed, by {@link System#nanoTime()}; asked again and again, it may move
 */
public record TreeEnd(ProcessTree tree, LongSupplier deadline) {
    /** A process that the kernel does not let go, in the middle of a broken device's answer, is not waited for longer. */
    static final Duration KILL = Duration.ofSeconds(4);

    private static final long SHORT = Duration.ofMillis(2).toNanos();
    private static final long LONG = Duration.ofMillis(40).toNanos();

    /** @return whether all are gone */
    public boolean await() {
        if (tree.members().isEmpty()) {
            return true;
        }
        tree.terminate();
        if (gone(deadline, false)) {
            return true;
        }
        long last = System.nanoTime() + KILL.toNanos();
        return gone(() -> last, true);
    }

    private boolean gone(LongSupplier until, boolean kill) {
        long pause = SHORT;
        do {
            if (kill) {
                tree.kill();
            }
            LockSupport.parkNanos(Math.max(1, Math.min(pause, until.getAsLong() - System.nanoTime())));
            if (tree.members().isEmpty()) {
                return true;
            }
            pause = Math.min(LONG, pause * 2);
        } while (System.nanoTime() < until.getAsLong());
        return false;
    }
}
