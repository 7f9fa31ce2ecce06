package io.openedge.module.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a module opened through its context and has not closed yet.
 *
 * <p>Thread rule: any thread; nothing foreign is called under the lock.
 */
final class Owned {
    private final Set<Handle> open = new HashSet<>(); // guarded by this
    private boolean closed; // guarded by this

    /** Something that was handed out. Compared by identity. */
    abstract static class Handle {
        /** What it is, for the warning. */
        abstract String what();

        /** Closes what is behind it. */
        abstract void release();
    }

    /** @throws IllegalStateException when the context is closed; what the handle stands for is released then */
    <T extends Handle> T add(T handle) {
        synchronized (this) {
            if (!closed) {
                open.add(handle);
                return handle;
            }
        }
        handle.release();
        throw closedAlready();
    }

    /** @return whether the module is the first to close it */
    synchronized boolean remove(Handle handle) {
        return open.remove(handle);
    }

    synchronized void requireOpen() {
        if (closed) {
            throw closedAlready();
        }
    }

    /** Hands over what is open, once, and takes no more. */
    synchronized List<Handle> close() {
        closed = true;
        List<Handle> left = new ArrayList<>(open);
        open.clear();
        return left;
    }

    private static IllegalStateException closedAlready() {
        return new IllegalStateException("the instance has ended; its context opens nothing any more");
    }
}
