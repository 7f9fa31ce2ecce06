package io.openedge.hub.transport;

import io.netty.buffer.ByteBuf;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.session.PublishedTopic;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a client published to last, found by their bytes, so that a topic is decoded and matched once for many
 * messages. Bounded: a place holds one topic. On the channel's loop.
 */
final class TopicCache {
    private static final int PLACES = 64;
    private static final int BYTES_A_CHARACTER = 3;
    private static final byte[] NOTHING = new byte[0];

    private record Place(byte[] utf8, PublishedTopic topic) {}

    private final TopicLimits limits;
    private final int longest;
    private Place[] places = new Place[0];
    private byte[] bytes = NOTHING;

    TopicCache(TopicLimits limits) {
        this.limits = limits;
        longest = limits.characters() * BYTES_A_CHARACTER;
    }

    /** Reads so many bytes; null when they are no topic that may be published to. */
    @Nullable
    PublishedTopic read(ByteBuf in, int length) {
        if (length > longest) {
            return null;
        }
        if (places.length == 0) {
            places = new Place[PLACES];
        }
        if (bytes.length < length) {
            bytes = new byte[Math.max(64, Integer.highestOneBit(length) * 2)];
        }
        in.readBytes(bytes, 0, length);
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        Place known = places[place];
        if (known != null && Arrays.equals(known.utf8, 0, known.utf8.length, bytes, 0, length)) {
            return known.topic;
        }
        PublishedTopic topic = decode(length);
        if (topic != null) {
            places[place] = new Place(Arrays.copyOf(bytes, length), topic);
        }
        return topic;
    }

    private @Nullable PublishedTopic decode(int length) {
        String name = Fields.utf8(bytes, length);
        return name == null
                ? null
                : Topic.parse(name, limits).map(PublishedTopic::new).orElse(null);
    }
}
