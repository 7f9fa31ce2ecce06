package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The end of the log: the segment that is written. A write or a sync that fails ends the segment, since nobody knows what
 * of it is on the disk; from then on nothing is taken until a new segment begins with a picture of the state, which
 * leaves all doubt behind. Owned by the journal's thread.
 */
final class Segments implements AutoCloseable {
    private static final long RETRY = TimeUnit.SECONDS.toNanos(1);
    private static final int LARGE_BUFFER = 4 << 20;
    private static final int BUFFER = 256 * 1024;

    private final Folder folder;
    private final Disk disk;
    private final State state;
    private final SyncTimes syncTimes;
    private final int most;
    private final Logger log;
    private ByteBuf buffer = Unpooled.directBuffer(BUFFER);
    private @Nullable Segment current;
    /** The next segment, made on the thread for files. */
    private final AtomicReference<@Nullable Segment> ahead = new AtomicReference<>();

    /** The highest number that a segment has, or will have when it is made. */
    private int reserved;

    private int number;
    /** Everything before this segment is in a picture that is on the disk. */
    private int pictured;

    private long begun;
    private boolean unsynced;
    private @Nullable IOException trouble;
    private long retryAt;
    private volatile boolean failing;

    Segments(Folder folder, Disk disk, State state, SyncTimes syncTimes, int most, Logger log) throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.state = state;
        this.syncTimes = syncTimes;
        this.most = most;
        this.log = log;
        number = folder.segments().isEmpty() ? 0 : folder.segments().last();
        if (!folder.snapshots().isEmpty()) {
            number = Math.max(number, folder.snapshots().last());
        }
    }

    /** Begins a segment, and with it a log that needs nothing of what was written before but the messages. */
    void begin() throws IOException {
        int next = Math.max(number, reserved) + 1;
        Segment created = create(next, buffer);
        try {
            Snapshot.write(disk, folder.snapshot(next), Snapshot.of(state.picture()));
        } catch (IOException e) {
            created.close();
            throw e;
        }
        become(created);
        pictured = next;
    }

    private void become(Segment segment) {
        current = segment;
        number = segment.number();
        begun = state.age();
        unsynced = false;
    }

    private Segment create(int next, ByteBuf scratch) throws IOException {
        if (Files.exists(folder.spare())) {
            Files.move(folder.spare(), folder.segment(next), StandardCopyOption.ATOMIC_MOVE);
        }
        Segment created = Segment.create(disk, folder.segment(next), next, scratch.clear());
        Snapshot.forceDirectory(folder.path());
        return created;
    }

    /** The number of the segment that comes after this one. */
    int reserve() {
        reserved = number + 1;
        return reserved;
    }

    /** Makes a segment ahead of time. Called on the thread for files, and by nobody else while it is under way. */
    void prepare(int next) throws IOException {
        ahead.set(create(next, Unpooled.buffer(Segment.HEADER)));
    }

    /** True when the segment is as large as it may be, or its first message as old. Unit: seconds. */
    boolean full(long oldest) {
        Segment segment = current;
        return segment != null && (segment.end() >= most || segment.refs() > 0 && state.age() - begun >= oldest);
    }

    /**
     * Ends the segment and begins the next, at best the one that was made ahead: all that it costs then is a sync.
     *
     * @return what is left to do, where it may take long
     */
    Ended roll() throws IOException {
        Segment before = current;
        if (before == null) {
            throw new IOException("there is no segment");
        }
        force(); // what the next one says builds on it
        state.filled(number, before.refs());
        Segment next = taken();
        become(next == null ? create(Math.max(number, reserved) + 1, buffer) : next);
        return new Ended(before, number, state.picture());
    }

    private @Nullable Segment taken() throws IOException {
        Segment next = ahead.getAndSet(null);
        if (next != null && next.number() <= number) {
            next.close(); // made for a segment that the disk has ended meanwhile
            state.filled(next.number(), 0);
            return null;
        }
        return next;
    }

    /**
     * A segment that is full.
     *
     * @param picture of the state before the next one, whose number it has
     */
    record Ended(Segment segment, int next, Picture picture) {}

    /** Writes changes, and syncs when somebody waits for it; answers why that failed, or null. */
    @Nullable
    IOException write(List<Change> changes) {
        if (failing && !again()) {
            return trouble;
        }
        Segment segment = current;
        if (segment == null) {
            return trouble;
        }
        try {
            boolean sync = encode(changes, segment);
            if (buffer.isReadable()) {
                segment.write(buffer);
                unsynced = true;
            }
            if (sync) {
                force();
            }
            return null;
        } catch (IOException e) {
            return failed(e);
        }
    }

    private boolean encode(List<Change> changes, Segment segment) {
        if (buffer.capacity() > LARGE_BUFFER) {
            buffer.release();
            buffer = Unpooled.directBuffer(BUFFER);
        }
        buffer.clear();
        boolean sync = false;
        for (Change change : changes) {
            if (change.type() != Change.NONE) {
                segment.encode(change, buffer);
                sync |= change.outcome != null;
            }
        }
        return sync;
    }

    /** Everything that was written is on the disk when it returns. */
    void force() throws IOException {
        Segment segment = current;
        if (segment != null && unsynced) {
            long start = System.nanoTime();
            segment.force();
            syncTimes.add(System.nanoTime() - start);
            unsynced = false;
        }
    }

    /** From now on nothing is taken. */
    IOException failed(IOException cause) {
        if (!failing) {
            log.error(
                    "storage: {} cannot be written: {}; messages of QoS 1 and 2 are not acknowledged until it can",
                    folder.path(),
                    cause.toString());
        }
        trouble = cause;
        failing = true;
        retryAt = System.nanoTime() + RETRY;
        Segment segment = current;
        current = null;
        if (segment != null) {
            state.filled(number, segment.refs());
            try {
                segment.close();
            } catch (IOException e) {
                log.debug("storage: a segment could not be closed", e);
            }
        }
        return cause;
    }

    /** Tries to begin anew, once a second. */
    boolean again() {
        if (!failing) {
            return true;
        }
        if (System.nanoTime() - retryAt < 0) {
            return false;
        }
        try {
            begin();
            failing = false;
            trouble = null;
            log.warn("storage: {} can be written again; messages are taken", folder.path());
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /** Whether nothing can be written. From any thread. */
    boolean failing() {
        return failing;
    }

    int number() {
        return number;
    }

    /** How large a segment is when it is full. Unit: bytes. */
    int most() {
        return most;
    }

    int pictured() {
        return pictured;
    }

    /** The picture before that segment is on the disk. */
    void pictured(int segment) {
        pictured = Math.max(pictured, segment);
    }

    @Override
    public void close() throws IOException {
        Segment segment = current;
        try (Segment unused = ahead.getAndSet(null)) {
            if (segment != null) {
                try (segment) {
                    force();
                }
            }
        } finally {
            buffer.release();
        }
    }
}
