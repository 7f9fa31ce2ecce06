package io.openedge.hub.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Hears what became of a change. Called on the loop that made it, in the order in which they were made. */
public interface Outcome {
    /**
     * @param ref where the message stands, when it was one that was stored; else 0
     * @param failure why it is not safe; null: it is
     */
    void settled(long ref, @Nullable IOException failure);
}
