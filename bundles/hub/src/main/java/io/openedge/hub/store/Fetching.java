package io.openedge.hub.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

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

    void fetch(State state, int session, long after, long[] without, Consumer<Fetched> result) {
        List<Long> refs = new ArrayList<>();
        boolean[] more = {false};
        waiting(state, session).forEach(after + 1, Long.MAX_VALUE, ref -> {
            if (Arrays.binarySearch(without, ref) < 0) {
                more[0] = refs.size() == FEW;
                return !more[0] && refs.add(ref);
            }
            return true;
        });
        long all = Math.max(after, state.newest());
        files.execute(() -> {
            Fetched found = read(session, refs, after);
            boolean last = !more[0] && found.last();
            result.accept(last ? new Fetched(found.messages(), all, true, found.failure()) : found.unfinished());
        });
    }

    /** Those of them that wait. */
    void fetchThese(State state, int session, long[] wanted, Consumer<Fetched> result) {
        Refs waiting = waiting(state, session);
        List<Long> refs =
                Arrays.stream(wanted).filter(waiting::contains).boxed().toList();
        files.execute(() -> result.accept(read(session, refs, 0)));
    }

    private static Refs waiting(State state, int session) {
        KeptSession kept = state.session(session);
        return kept == null ? new Refs() : kept.waiting();
    }

    /** Whatever goes wrong is an answer: the session waits for one. */
    private Fetched read(int session, List<Long> refs, long after) {
        if (refs.isEmpty()) {
            return new Fetched(List.of(), after, true, null);
        }
        try {
            List<StoredMessage> messages = reader.read(session, refs, MOST_BYTES);
            boolean cut = !messages.isEmpty() && weight(messages) >= MOST_BYTES;
            long upTo = cut ? messages.get(messages.size() - 1).ref() : refs.get(refs.size() - 1);
            return new Fetched(messages, upTo, !cut, null);
        } catch (IOException e) {
            return new Fetched(List.of(), after, true, e);
        } catch (RuntimeException | Error e) {
            return new Fetched(List.of(), after, true, new IOException("fault of the store: " + e, e));
        }
    }

    static long weight(List<StoredMessage> messages) {
        return messages.stream()
                .mapToLong(stored -> stored.message().payload().length)
                .sum();
    }
}
