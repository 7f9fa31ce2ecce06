package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads stored messages by reference. Of every segment that was read it remembers where some of the records begin, so
 * that the next ones are found without reading from the start. Owned by one thread.
 */
final class SegmentReader {
    /** A place is remembered each so many bytes. */
    private static final int STRIDE = 32 * 1024;

    private static final int LARGE_BUFFER = 1 << 20;

    private final Folder folder;
    private ByteBuf buffer = Unpooled.buffer(Records.BUFFER);
    /** By segment: ordinals of records with their offsets. */
    private final Map<Integer, TreeMap<Integer, Long>> places = new HashMap<>();

    SegmentReader(Folder folder) {
        this.folder = folder;
    }

    /** Gets each message it finds. */
    interface Found {
        /**
         * @param leg of the record that is asked for
         * @return whether more are wanted
         */
        boolean take(long ref, MessageChange message, int leg);
    }

    /**
     * What waits for a session, as far as it can be read: a message that is missing was acknowledged when its segment
     * was removed.
     *
     * @param most payloads; the one with which there is as much is the last. Unit: bytes
     */
    List<StoredMessage> read(int session, List<Long> refs, long most) throws IOException {
        List<StoredMessage> messages = new ArrayList<>();
        each(refs, (ref, message, leg) -> {
            StoredMessage stored = message.forSession(session, leg);
            if (stored != null) {
                messages.add(stored);
            }
            return Fetching.weight(messages) < most;
        });
        return messages;
    }

    /** Finds messages by their references, which rise. */
    void each(List<Long> refs, Found found) throws IOException {
        boolean more = true;
        int from = 0;
        while (more && from < refs.size()) {
            int segment = Segment.of(refs.get(from));
            int to = from;
            while (to < refs.size() && Segment.of(refs.get(to)) == segment) {
                to++;
            }
            more = !folder.has(segment) || within(segment, refs.subList(from, to), found);
            from = to;
        }
    }

    private boolean within(int segment, List<Long> refs, Found found) throws IOException {
        TreeMap<Integer, Long> known = places.computeIfAbsent(segment, number -> new TreeMap<>());
        if (buffer.capacity() > LARGE_BUFFER) {
            buffer = Unpooled.buffer(Records.BUFFER);
        }
        try (Records records = new Records(folder.segment(segment), segment, buffer)) {
            Map.Entry<Integer, Long> place = known.floorEntry(Segment.ordinal(refs.get(0)));
            if (place != null) {
                records.seek(place.getValue());
            }
            int next = 0;
            while (next < refs.size() && records.next()) {
                if (records.message()) {
                    remember(known, records);
                    next = hand(records, refs, next, found);
                }
            }
            return next < Integer.MAX_VALUE;
        }
    }

    private static void remember(TreeMap<Integer, Long> known, Records records) {
        Map.Entry<Integer, Long> before = known.floorEntry(records.ordinal());
        if (before == null || records.offset() >= before.getValue() + STRIDE) {
            known.put(records.ordinal(), records.offset());
        }
    }

    /** Answers which reference is the next to look for; the highest number: none. */
    private static int hand(Records records, List<Long> refs, int from, Found found) {
        int next = from;
        int first = records.ordinal();
        while (next < refs.size() && Segment.ordinal(refs.get(next)) < first) {
            next++; // it is not there any more
        }
        if (next == refs.size() || Segment.ordinal(refs.get(next)) >= first + records.refs()) {
            return next;
        }
        MessageChange message = (MessageChange) records.change();
        while (next < refs.size() && Segment.ordinal(refs.get(next)) < first + message.refs()) {
            if (!found.take(refs.get(next), message, Segment.ordinal(refs.get(next)) - first)) {
                return Integer.MAX_VALUE;
            }
            next++;
        }
        return next;
    }

    /** The file is another one, or gone. */
    void forget(int segment) {
        places.remove(segment);
    }
}
