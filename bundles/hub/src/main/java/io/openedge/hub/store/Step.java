package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import java.util.function.BiConsumer;

/** A change that a few numbers and texts say. */
final class Step extends Change {
    private static final Kind[] KINDS = Kind.values();

    private final Kind kind;
    private final int session;
    private final long number;
    private final long second;
    private final String text;

    /** The order is that of the numbers in the records: new ones come last. */
    enum Kind {
        /** A subscriber has a message: its reference. */
        ACKNOWLEDGED(true, (state, step) -> state.acknowledged(step.session, step.number)),
        /** A message of QoS 2 gets a packet id: the id, the reference. */
        SENT(false, (state, step) -> state.sent(step.session, (int) step.number, step.second)),
        /** A subscriber has a message of QoS 2: its packet id. */
        RECEIVED(false, (state, step) -> state.received(step.session, (int) step.number)),
        /** A subscriber has forgotten the packet id. */
        COMPLETED(true, (state, step) -> state.completed(step.session, (int) step.number)),
        /** A publisher has forgotten the packet id. */
        RELEASED(false, (state, step) -> state.released(step.session, (int) step.number)),
        /** A persistent session begins: client id and principal, parted by the length of the first. */
        OPENED(
                true,
                (state, step) ->
                        state.opened(step.session, step.text.substring(0, (int) step.number), step.text.substring((int)
                                step.number))),
        /** A persistent session ends. */
        REMOVED(true, (state, step) -> state.removed(step.session)),
        /** A filter, its QoS. */
        SUBSCRIBED(
                true,
                (state, step) -> state.subscribed(step.session, KeptSession.filter(step.text), (int) step.number)),
        UNSUBSCRIBED(true, (state, step) -> state.unsubscribed(step.session, KeptSession.filter(step.text))),
        /** A will is never published, or nobody stores it: the key of the will. */
        WILL_OVER(true, (state, step) -> state.willOver(step.number)),
        /** There is no room for the retained message of a topic. */
        FORGOTTEN(true, (state, step) -> state.forget(step.text)),
        /** So many seconds has the hub run in all. */
        AGED(true, (state, step) -> state.aged(step.number)),
        /** What waits in a segment is too old. */
        EXPIRED(true, (state, step) -> state.expire((int) step.number)),
        /** Says nothing; what was said before it is safe when it is. */
        MARK(true, (state, step) -> {}),
        /** The message of a will is stored: the key of the will, which stays as long as neither is written. */
        WILL_PUBLISHED(false, (state, step) -> state.willOver(step.number));

        private final boolean happensAnyway;
        private final BiConsumer<State, Step> effect;

        Kind(boolean happensAnyway, BiConsumer<State, Step> effect) {
            this.happensAnyway = happensAnyway;
            this.effect = effect;
        }
    }

    Step(Kind kind, int session, long number, long second, String text) {
        this.kind = kind;
        this.session = session;
        this.number = number;
        this.second = second;
        this.text = text;
    }

    Step(Kind kind, int session, long number) {
        this(kind, session, number, 0, "");
    }

    @Override
    int type() {
        return STEP + kind.ordinal();
    }

    @Override
    void encode(ByteBuf out) {
        Codec.number(out, session);
        Codec.number(out, number);
        Codec.number(out, second);
        Codec.text(out, text);
    }

    static Step decode(int type, ByteBuf in) {
        if (type < STEP || type >= STEP + KINDS.length) {
            throw new IllegalArgumentException("a record of the unknown kind " + type);
        }
        return new Step(KINDS[type - STEP], Codec.whole(in), Codec.number(in), Codec.number(in), Codec.text(in));
    }

    @Override
    void apply(State state) {
        kind.effect.accept(state, this);
    }

    @Override
    void applyUnwritten(State state) {
        if (kind.happensAnyway) {
            apply(state);
        }
    }
}
