package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;

/** A client that has a will logs in. */
final class WillChange extends Change {
    private final long key;
    private final KeptWill will;

    WillChange(long key, KeptWill will) {
        this.key = key;
        this.will = will;
    }

    @Override
    int type() {
        return WILL;
    }

    @Override
    void encode(ByteBuf out) {
        Codec.number(out, key);
        will.encode(out);
    }

    static WillChange decode(ByteBuf in) {
        return new WillChange(Codec.number(in), KeptWill.decode(in));
    }

    @Override
    void apply(State state) {
        state.willGiven(key, will);
    }

    @Override
    void applyUnwritten(State state) {
        // the client is not let in
    }
}
