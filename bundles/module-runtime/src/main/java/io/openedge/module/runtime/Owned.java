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
        private final Owned owner;
        private final String what;

        /** @param what it is, for the warning */
        Handle(Owned owner, String what) {
            this.owner = owner;
            this.what = what;
        }

        String what() {
            return what;
        }

        /** The module closes it. */
        public void close() {
            owner.remove(this);
            release();
        }

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

    private synchronized void remove(Handle handle) {
        open.remove(handle);
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
