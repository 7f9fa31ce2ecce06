package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;

/**
 * The state as it was at one moment. Retained topics may be many: of them it holds what the state holds, and their bytes
 * are made where that may take long, on the thread for files. What comes before and after them is encoded already.
 *
 * @param topics with a retained message
 * @param refs where these stand, in the same order
 */
record Picture(ByteBuf before, String[] topics, Long[] refs, ByteBuf after) {
    void encode(ByteBuf out) {
        out.writeBytes(before, before.readerIndex(), before.readableBytes());
        Codec.number(out, topics.length);
        for (int i = 0; i < topics.length; i++) {
            Codec.text(out, topics[i]);
            Codec.number(out, refs[i]);
        }
        out.writeBytes(after, after.readerIndex(), after.readableBytes());
    }
}
