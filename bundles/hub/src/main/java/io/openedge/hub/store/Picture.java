package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;

/**
 * The state as it was at one moment. Retained topics may be many: of them it holds what the state holds, and their bytes
 * are made where that may take long, on the thread for files. What comes before and after them is encoded already.
 */
record Picture(ByteBuf before, Retained[] retained, ByteBuf after) {
    /**
     * A topic with a retained message. Immutable.
     *
     * @param ref where that stands
     */
    record Retained(String topic, long ref) {}

    void encode(ByteBuf out) {
        out.writeBytes(before, before.readerIndex(), before.readableBytes());
        Codec.number(out, retained.length);
        for (Retained one : retained) {
            Codec.text(out, one.topic());
            Codec.number(out, one.ref());
        }
        out.writeBytes(after, after.readerIndex(), after.readableBytes());
    }
}
