package io.openedge.hub.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets for a session some of what waits for it. Which messages these are is found on the journal's thread, so that what
 * was acknowledged before is not among them; they are read on the thread for files.
 */
final class Fetching {
    private static final int FEW = 128;
    private static final long MOST_BYTES = 1 << 20;

    private final SegmentReader reader;
    private final Executor files;

    Fetching(SegmentReader reader, Executor files) {
        this.reader = reader;
        this.files = files;
    }

    void fetch(@Nullable KeptSession session, long after, long[] without, Consumer<Fetched> result) {
        if (session == null) {
            result.accept(new Fetched(List.of(), after, true, null));
            return;
        }
        List<Long> refs = new ArrayList<>();
        boolean[] more = {false};
        session.waiting().forEach(after + 1, Long.MAX_VALUE, ref -> {
            if (Arrays.binarySearch(without, ref) < 0) {
                more[0] = refs.size() == FEW;
                return !more[0] && refs.add(ref);
            }
            return true;
        });
        int number = session.number();
        files.execute(() -> result.accept(read(number, refs, after, !more[0])));
    }

    private Fetched read(int session, List<Long> refs, long after, boolean last) {
        if (refs.isEmpty()) {
            return new Fetched(List.of(), after, last, null);
        }
        try {
            List<StoredMessage> messages = reader.read(session, refs, MOST_BYTES);
            boolean cut = messages.size() > 0 && weight(messages) >= MOST_BYTES;
            long upTo = cut ? messages.get(messages.size() - 1).ref() : refs.get(refs.size() - 1);
            return new Fetched(messages, upTo, last && !cut, null);
        } catch (IOException e) {
            return new Fetched(List.of(), after, last, e);
        }
    }

    static long weight(List<StoredMessage> messages) {
        return messages.stream()
                .mapToLong(stored -> stored.message().payload().length)
                .sum();
    }
}
