package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What turns one state into the next, and a record says. Made on a loop, written and applied on the journal's thread,
 * and read again after a start.
 */
abstract sealed class Change permits Step, MessageChange, WillChange, Question {
    /** Nothing that is written. */
    static final int NONE = 0;

    static final int MESSAGE = 1;
    static final int WILL = 2;
    /** From here on the numbers of {@link Step.Kind}. */
    static final int STEP = 16;

    /** Who waits for the outcome; null: nobody. */
    @Nullable
    Lane lane;

    @Nullable
    Outcome outcome;

    /** Where the message stands, once it was written. */
    long ref;

    /** What kind of record it is. */
    abstract int type();

    /** The body of the record. */
    abstract void encode(ByteBuf out);

    abstract void apply(State state);

    /** References that the record takes. */
    int refs() {
        return 0;
    }

    /**
     * It could not be written. What happened all the same is applied, and the next picture of the state has it: nobody
     * was promised more.
     */
    abstract void applyUnwritten(State state);

    /** Reads a record. Throws what the buffer throws, or an IllegalArgumentException, when it is none of ours. */
    static Change decode(int type, ByteBuf body, long ref) {
        return switch (type) {
            case MESSAGE -> MessageChange.decode(body, ref);
            case WILL -> WillChange.decode(body);
            default -> Step.decode(type, body);
        };
    }
}
