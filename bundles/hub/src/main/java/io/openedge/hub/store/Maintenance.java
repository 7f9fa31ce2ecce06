package io.openedge.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps the log short: begins new segments, drops what is too old, removes segments that nobody needs, and rewrites those
 * of which little is needed. Decides on the journal's thread; what takes long runs on the thread for files.
 */
final class Maintenance {
    /** A message waits at most that part of the retention longer than it should. */
    private static final int PARTS = 8;

    /** A segment is rewritten when less than one in so many of its references is needed. */
    private static final int SPARSE = 2;

    private final Folder folder;
    private final Disk disk;
    private final State state;
    private final Segments segments;
    private final SegmentReader reader;
    private final Executor files;
    private final Executor journal;
    private final long retention;
    private final LongSupplier clock;
    private final long born;
    private final long bornAt;
    private final Logger log;
    private boolean picturing;
    private boolean rewriting;

    /**
     * @param files runs what takes long
     * @param journal runs what must see the state
     * @param clock that nobody sets. Unit: nanoseconds
     */
    Maintenance(
            Folder folder,
            Disk disk,
            State state,
            Segments segments,
            SegmentReader reader,
            Executor files,
            Executor journal,
            Duration retention,
            LongSupplier clock,
            Logger log) {
        this.folder = folder;
        this.disk = disk;
        this.state = state;
        this.segments = segments;
        this.reader = reader;
        this.files = files;
        this.journal = journal;
        this.retention = Math.max(1, retention.toSeconds());
        this.log = log;
        this.clock = clock;
        born = clock.getAsLong();
        bornAt = state.age();
    }

    /** Has the next segment made ahead of time. */
    void prepare() {
        picturing = true;
        int next = segments.reserve();
        files.execute(() -> {
            prepare(next);
            journal.execute(() -> picturing = false);
        });
    }

    /** When that fails, the disk has said so, or will. */
    private void prepare(int next) {
        try {
            segments.prepare(next);
        } catch (IOException | RuntimeException | Error e) {
            log.debug("storage: no segment could be made ahead", e);
        }
    }

    /** Begins a new segment when it is time. */
    void rollWhenFull() {
        if (picturing || !segments.full(Math.max(1, retention / PARTS))) {
            return;
        }
        try {
            Segments.Ended ended = segments.roll();
            int next = segments.reserve();
            picturing = true;
            files.execute(() -> finish(ended, next));
        } catch (IOException e) {
            segments.failed(e);
        }
    }

    private void finish(Segments.Ended ended, int next) {
        boolean written = seal(ended.segment()) && picture(ended);
        prepare(next);
        journal.execute(() -> {
            picturing = false;
            if (written) {
                segments.pictured(ended.next());
                tidy();
            }
        });
    }

    private boolean seal(Segment ended) {
        try (ended) {
            ended.seal();
            return true;
        } catch (IOException | RuntimeException | Error e) {
            log.error("storage: the end of a segment could not be written: {}", e.toString());
            return false;
        }
    }

    private boolean picture(Segments.Ended ended) {
        try {
            Snapshot.write(disk, folder.snapshot(ended.next()), Snapshot.of(ended.picture()));
            return true;
        } catch (IOException | RuntimeException | Error e) {
            log.error("storage: a picture of the state could not be written: {}", e.toString());
            return false;
        }
    }

    /** The hub is so old now, whatever the clock says; answers what is to be recorded. Called every interval. */
    List<Step> look() {
        segments.again();
        List<Step> steps = new ArrayList<>();
        long age = bornAt + Duration.ofNanos(clock.getAsLong() - born).toSeconds();
        steps.add(new Step(Step.Kind.AGED, 0, age));
        state.filled().forEach((segment, filled) -> {
            if (age - filled.age() > retention && state.pins(segment) > 0) {
                steps.add(new Step(Step.Kind.EXPIRED, 0, segment));
            }
        });
        return steps;
    }

    /** Removes and rewrites. */
    void tidy() {
        List<Integer> dead = state.filled().keySet().stream()
                .filter(number -> number < segments.pictured() && state.pins(number) == 0)
                .toList();
        try {
            if (!dead.isEmpty()) {
                segments.force(); // or a power cut could bring back what was acknowledged, without the message
            }
        } catch (IOException e) {
            segments.failed(e);
            return;
        }
        dead.forEach(state::deleted);
        int needed = segments.pictured();
        files.execute(() -> remove(dead, needed));
        rewriteOne();
    }

    private void remove(List<Integer> dead, int needed) {
        try {
            for (int number : dead) {
                reader.forget(number);
                recycle(folder.segment(number));
            }
            for (int number : folder.snapshots().headSet(needed)) {
                Files.deleteIfExists(folder.snapshot(number));
            }
        } catch (IOException e) {
            log.warn("storage: old files could not be removed: {}", e.toString());
        }
    }

    /** One file waits to be used again: writing over it is faster than making it longer. */
    private void recycle(Path segment) throws IOException {
        if (!Files.exists(segment)) {
            return;
        }
        if (Files.exists(folder.spare()) || Files.size(segment) > segments.most() + segments.most() / 2) {
            Files.delete(segment);
        } else {
            Files.move(segment, folder.spare(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void rewriteOne() {
        Integer sparse = rewriting ? null : sparse();
        if (sparse == null) {
            return;
        }
        rewriting = true;
        long[] live = live(sparse);
        files.execute(() -> {
            boolean done = rewrite(sparse, live);
            journal.execute(() -> {
                rewriting = false;
                State.Filled before = state.filled().get(sparse);
                if (done && before != null) {
                    state.filled().put(sparse, new State.Filled(before.age(), live.length));
                    rewriteOne();
                }
            });
        });
    }

    private @Nullable Integer sparse() {
        return state.filled().entrySet().stream()
                .filter(entry -> entry.getKey() < segments.pictured())
                .filter(entry -> state.pins(entry.getKey()) > 0)
                .filter(entry ->
                        state.pins(entry.getKey()) * SPARSE < entry.getValue().refs())
                .map(Map.Entry::getKey)
                .min(Integer::compare)
                .orElse(null);
    }

    /** References into a segment, in order. */
    private long[] live(int segment) {
        LongStream.Builder live = LongStream.builder();
        long last = Segment.first(segment + 1) - 1;
        for (KeptSession session : state.sessions()) {
            session.waiting().forEach(Segment.first(segment), last, ref -> {
                live.add(ref);
                return true;
            });
        }
        state.retained().stream()
                .mapToLong(Picture.Retained::ref)
                .filter(ref -> Segment.of(ref) == segment)
                .forEach(live::add);
        return live.build().sorted().distinct().toArray();
    }

    private boolean rewrite(int number, long[] live) {
        try {
            Rewrite.of(disk, folder, number, live);
            return true;
        } catch (NoSuchFileException e) {
            return false; // it was removed meanwhile
        } catch (IOException | RuntimeException | Error e) {
            log.warn("storage: a segment could not be rewritten: {}", e.toString());
            return false;
        } finally {
            reader.forget(number);
        }
    }
}
