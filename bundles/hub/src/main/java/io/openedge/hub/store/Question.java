package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Looks at the state, in its turn between changes. */
final class Question extends Change {
    private final Consumer<State> look;

    Question(Consumer<State> look) {
        this.look = look;
    }

    @Override
    int type() {
        return NONE;
    }

    @Override
    void encode(ByteBuf out) {
        throw new UnsupportedOperationException("a question is no record");
    }

    @Override
    void apply(State state) {
        look.accept(state);
    }

    @Override
    void applyUnwritten(State state) {
        look.accept(state);
    }
}
