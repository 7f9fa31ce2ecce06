package io.openedge.agent;

import io.openedge.agent.State.Deployed;
import io.openedge.agent.State.Pending;
import io.openedge.archive.Durable;
import io.openedge.rest.client.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;

/**
 * What an agent remembers, on disk before anybody is told. Thread rule: any thread; a change takes as long as the disk
 * takes to sync.
 */
final class Memory {
    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state; // guarded by lock
    private String parked = ""; // guarded by lock
    private boolean woken; // guarded by lock

    private Memory(Path file, State state) {
        this.file = file;
        this.state = state;
    }

    /** Reads what is there; what cannot be understood is put aside. */
    static Memory open(Path file, Logger log) throws IOException {
        if (!Files.exists(file)) {
            return new Memory(file, State.NEW);
        }
        try {
            return new Memory(file, State.read(Files.readAllBytes(file)));
        } catch (JsonException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            log.warn("{} is damaged ({}): put aside as {}; this agent begins anew", file, e.getMessage(), aside);
            return new Memory(file, State.NEW);
        }
    }

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void change(UnaryOperator<State> step) throws IOException {
        lock.lock();
        try {
            State next = step.apply(state);
            if (!next.equals(state)) {
                Durable.write(file, next.write());
                state = next;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes events in the order they came: the last one that is new is what the cloud wants now. */
    void take(List<UpdateEvent> events) throws IOException {
        change(now -> {
            State next = now;
            for (UpdateEvent event : events) {
                next = take(next, event);
            }
            return next;
        });
    }

    private static State take(State now, UpdateEvent event) {
        String current = now.pending().map(pending -> pending.event().id()).orElse("");
        if (current.equals(event.id()) || now.handled().contains(event.id())) {
            return now;
        }
        String failed = now.failed().equals(event.id()) ? "" : now.failed();
        return now.withHandled(current)
                .withHandled(failed)
                .withFailed("")
                .withPending(Optional.of(new Pending(event, false, "")));
    }

    /**
     * The gateway is about to be asked.
     *
     * @param before what it says of its last update
     */
    void updating(UpdateEvent event, String before) throws IOException {
        change(now -> isPending(now, event) ? now.withPending(Optional.of(new Pending(event, true, before))) : now);
    }

    void done(UpdateEvent event, Deployed deployed) throws IOException {
        change(now -> (isPending(now, event) ? now.withPending(Optional.empty()) : now)
                .withHandled(event.id())
                .withDeployed(deployed)
                .withError(""));
    }

    void failed(UpdateEvent event, String error) throws IOException {
        change(now -> (isPending(now, event)
                        ? now.withPending(Optional.empty()).withFailed(event.id())
                        : now.withHandled(event.id()))
                .withError(error));
    }

    /** The event is left until the agent starts again, or a newer one comes. */
    void park(UpdateEvent event, String error) throws IOException {
        change(now -> now.withError(error));
        lock.lock();
        try {
            parked = event.id();
        } finally {
            lock.unlock();
        }
    }

    /** Something that came was refused. */
    void refused(String error) throws IOException {
        change(now -> now.withError(error));
    }

    void unpacked(VolumeFolder folder, String digest) throws IOException {
        change(now -> {
            Map<String, String> unpacked = new HashMap<>(now.unpacked());
            unpacked.put(folder.relative().toString(), digest);
            return now.withUnpacked(unpacked);
        });
    }

    void removed(String folder) throws IOException {
        change(now -> {
            Map<String, String> unpacked = new HashMap<>(now.unpacked());
            unpacked.remove(folder);
            return now.withUnpacked(unpacked);
        });
    }

    private static boolean isPending(State state, UpdateEvent event) {
        return state.pending()
                .filter(pending -> pending.event().id().equals(event.id()))
                .isPresent();
    }

    /** Whether this is still what the cloud wants. */
    boolean wants(UpdateEvent event) {
        return isPending(state(), event);
    }

    /** The event to be worked on; waits for one. Empty: {@link #wake} was called meanwhile. */
    Optional<Pending> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Pending> next =
                        state.pending().filter(pending -> !pending.event().id().equals(parked));
                if (next.isPresent() || woken) {
                    woken = false;
                    return next;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is something else to do than events. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, or until something changes. */
    void pause(Duration delay) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            changed.awaitNanos(delay.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless something newer is wanted. */
    void pause(UpdateEvent event, Duration delay) throws InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(delay);
        lock.lockInterruptibly();
        try {
            while (nanos > 0 && isPending(state, event)) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
