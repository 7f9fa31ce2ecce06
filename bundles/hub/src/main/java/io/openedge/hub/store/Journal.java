package io.openedge.hub.store;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.hub.route.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps what must survive a crash: a log of all changes, and pictures of the state so that the log need not be read from
 * its beginning. One thread writes: a batch is whatever arrived while the one before was being synced. Thread rule: any
 * thread, each loop through its {@link Lane}.
 */
public final class Journal implements AutoCloseable {
    private static final int MOST_CHANGES = 8 * 1024;
    private static final int STOP_SECONDS = 10;
    private static final long RETRY = TimeUnit.SECONDS.toNanos(1);
    /** One reference for so many bytes of the heap: it takes two, and as much again while a picture is made. */
    private static final int HEAP_FOR_ONE = 16;

    private final Folder folder;
    private final Segments segments;
    private final Maintenance maintenance;
    private final State state;
    private @Nullable Recovered recovered;
    private final Fetching fetching;
    private final SyncTimes syncTimes = new SyncTimes();
    private final Queue<Change> queue = new ConcurrentLinkedQueue<>();
    private final Map<Executor, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger lastSession;
    private final AtomicLong lastWill;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong overflowed = new AtomicLong();
    private final long expiredBefore;
    private final ExecutorService files;
    private final long interval;
    private final Consumer<Throwable> fault;
    private final Logger log;
    private final Thread thread;
    private volatile Consumer<Message> retaining = message -> {};
    private volatile boolean idle;
    private volatile boolean closing;

    /**
     * How a journal works. Immutable.
     *
     * @param directory of its files
     * @param retention how long a message waits for a session, in time that the hub runs; then it is dropped
     * @param interval how often that is looked after
     * @param waiting how many messages may wait for one session; 0: any number
     * @param segment how large a file becomes. Unit: bytes
     */
    public record Settings(Path directory, Duration retention, Duration interval, int waiting, int segment) {
        /** What a file takes when nothing is said. Unit: bytes. */
        public static final int SEGMENT = 32 << 20;
    }

    /**
     * Opens a journal, with all that it kept.
     *
     * @param name of its threads
     * @param fault told when the journal cannot go on; then nothing is acknowledged any more
     * @throws IOException when the folder cannot be used, or another hub uses it
     */
    public static Journal open(Settings settings, String name, Consumer<Throwable> fault, Logger log)
            throws IOException {
        return open(settings, name, Disk.real(), System::nanoTime, fault, log);
    }

    static Journal open(
            Settings settings, String name, Disk disk, LongSupplier clock, Consumer<Throwable> fault, Logger log)
            throws IOException {
        Folder folder = Folder.take(settings.directory());
        try {
            return new Journal(folder, settings, name, disk, clock, fault, log);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private Journal(
            Folder folder,
            Settings settings,
            String name,
            Disk disk,
            LongSupplier clock,
            Consumer<Throwable> fault,
            Logger log)
            throws IOException {
        this.folder = folder;
        this.fault = fault;
        this.log = log;
        interval = settings.interval().toNanos();
        if (!folder.foreign().isEmpty()) {
            log.warn(
                    "storage: {} and others were written by an older hub and are not read",
                    folder.foreign().get(0));
        }
        state = new Recovery(folder, log).recover();
        state.limit(settings.waiting(), Runtime.getRuntime().maxMemory() / HEAP_FOR_ONE);
        SegmentReader reader = new SegmentReader(folder);
        recovered = recovered(reader);
        lastSession = new AtomicInteger(state.lastSession());
        lastWill = new AtomicLong(state.lastWill());
        segments = new Segments(folder, disk, state, syncTimes, settings.segment(), log);
        segments.begin();
        files = Executors.newSingleThreadExecutor(new DefaultThreadFactory(name + "-files", true));
        fetching = new Fetching(reader, files);
        maintenance = new Maintenance(
                folder, disk, state, segments, reader, files, this::look, settings.retention(), clock, log);
        maintenance.tidy();
        maintenance.prepare();
        waiting.set(state.waiting());
        expiredBefore = state.expired();
        thread = new Thread(this::run, name + "-journal");
        thread.setDaemon(true);
        thread.start();
    }

    private Recovered recovered(SegmentReader reader) throws IOException {
        List<Recovered.Session> sessions = new ArrayList<>();
        for (KeptSession session : state.sessions()) {
            sessions.add(new Recovered.Session(
                    session.number(),
                    session.clientId(),
                    session.principal(),
                    Map.copyOf(session.subscriptions()),
                    Map.copyOf(session.outgoing()),
                    session.incoming()));
        }
        List<Message> retained = new ArrayList<>();
        reader.each(
                state.retained().stream().map(Picture.Retained::ref).sorted().toList(),
                (ref, message, leg) -> retained.add(message.message()));
        return new Recovered(sessions, retained, Map.copyOf(state.wills()));
    }

    /** What was there when it was opened. Told once. */
    public Recovered takeRecovered() {
        Recovered found = recovered;
        if (found == null) {
            throw new IllegalStateException("it was told before");
        }
        recovered = null;
        return found;
    }

    /**
     * From now on told, on the journal's thread and in the order of the log, of each message that takes the place of its
     * topic's retained one, before its loop hears of it. One of QoS 0 that could not be written is told as well, since it
     * has gone out.
     */
    public void onRetained(Consumer<Message> listener) {
        retaining = listener;
    }

    /** There is no room for the retained message of a topic. Any thread. */
    public void forgotten(String topic) {
        submit(new Step(Step.Kind.FORGOTTEN, 0, 0, 0, topic));
    }

    /** The lane of a loop. */
    public Lane lane(Executor loop) {
        return lanes.computeIfAbsent(loop, key -> new Lane(this, key));
    }

    /** Messages that wait for sessions, each as often as it waits. */
    public long waiting() {
        return waiting.get();
    }

    /** Messages that were dropped since the start, since they had waited too long. */
    public long expired() {
        return expired.get();
    }

    /** Messages that were dropped since the start, since as many as may waited for the session. */
    public long overflowed() {
        return overflowed.get();
    }

    /** How often sessions have asked for what waits for them. */
    long questions() {
        return questions.get();
    }

    /** So long takes a sync, but for one in a hundred. Unit: nanoseconds. */
    public long syncTime() {
        return syncTimes.p99();
    }

    /** Whether nothing can be written at the moment. */
    public boolean failing() {
        return segments.failing();
    }

    int nextSession() {
        return lastSession.incrementAndGet();
    }

    long nextWill() {
        return lastWill.incrementAndGet();
    }

    void faulty(Throwable cause) {
        log.error("fault of the hub in what follows a change", cause);
    }

    void submit(Change change) {
        queue.add(change);
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    private void look(Runnable task) {
        submit(new Question(any -> task.run()));
    }

    void fetch(int session, long after, long[] without, Consumer<Fetched> result) {
        questions.incrementAndGet();
        submit(new Question(now -> fetching.fetch(now, session, after, without, result)));
    }

    void fetchThese(int session, long[] refs, Consumer<Fetched> result) {
        submit(new Question(now -> fetching.fetchThese(now, session, refs, result)));
    }

    // The journal's thread

    private void run() {
        List<Change> batch = new ArrayList<>();
        long next = System.nanoTime() + interval;
        try {
            while (!closing || !queue.isEmpty()) {
                await(segments.failing() ? Math.min(next, System.nanoTime() + RETRY) : next);
                for (Change change = queue.poll(); change != null; change = more(batch)) {
                    batch.add(change);
                }
                boolean due = System.nanoTime() - next >= 0;
                if (due) {
                    batch.addAll(maintenance.look());
                    next = System.nanoTime() + interval;
                }
                commit(batch);
                if (due) {
                    maintenance.tidy();
                }
                batch.clear();
            }
        } catch (RuntimeException
                | Error e) { // what was promised is in the log; what is in memory may not be all of it
            log.error("storage: fault of the journal, the hub cannot go on", e);
            fault.accept(e);
        }
    }

    private @Nullable Change more(List<Change> batch) {
        return batch.size() < MOST_CHANGES ? queue.poll() : null;
    }

    private void await(long until) {
        if (!queue.isEmpty()) {
            return;
        }
        idle = true;
        long left = until - System.nanoTime();
        while (queue.isEmpty() && left > 0 && !closing) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
        idle = false;
    }

    private void commit(List<Change> batch) {
        maintenance.rollWhenFull();
        IOException failure = write(batch);
        Set<Lane> touched = new LinkedHashSet<>();
        for (Change change : batch) {
            apply(change, failure == null);
            if (change instanceof MessageChange stored && stored.retain()) {
                retained(stored.message(), failure == null);
            }
            Lane lane = change.lane;
            if (lane != null) {
                lane.settled();
                touched.add(lane);
            }
        }
        waiting.set(state.waiting());
        expired.set(state.expired() - expiredBefore);
        overflowed.set(state.overflowed());
        touched.forEach(lane -> lane.tell(failure));
    }

    private void retained(Message message, boolean written) {
        if (written || message.qos() == 0) {
            try {
                retaining.accept(message);
            } catch (RuntimeException e) {
                faulty(e);
            }
        }
    }

    private @Nullable IOException write(List<Change> batch) {
        try {
            return segments.write(batch);
        } catch (RuntimeException | Error e) {
            return segments.failed(new IOException("fault of the journal: " + e, e));
        }
    }

    private void apply(Change change, boolean written) {
        try {
            if (written) {
                change.apply(state);
            } else {
                change.applyUnwritten(state);
            }
        } catch (RuntimeException e) {
            if (change.type() != Change.NONE) {
                throw e; // the log says more than the state: what follows would be wrong
            }
            log.error("storage: fault of the journal", e);
        }
    }

    /** Everything that was made before is written. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            if (thread.isAlive()) { // the disk hangs: folder and files stay taken
                log.error("storage: {} is still being written", folder.path());
                return;
            }
            files.shutdown();
            if (!files.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("storage: files are still being written");
            }
            segments.close();
            folder.close();
        } catch (IOException e) {
            log.warn("storage: could not be closed: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
