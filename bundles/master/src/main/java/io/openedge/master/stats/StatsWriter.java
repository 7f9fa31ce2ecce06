package io.openedge.master.stats;

import io.openedge.master.work.Owner;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps application.stats up to date, off the owners' threads: many changes at once are one writing. Thread rule: any
 * thread; nothing blocks.
 */
public final class StatsWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatsWriter.class);

    private final StatsFile file;
    private final Owner owner;
    private final Supplier<List<Leftover>> entries;
    private final AtomicBoolean due = new AtomicBoolean();
    private List<Leftover> written = List.of();
    private boolean ended;

    /**
     * @param owner whose tasks may block
     * @param entries asked for at each writing, on the owner
     */
    public StatsWriter(StatsFile file, Owner owner, Supplier<List<Leftover>> entries) {
        this.file = file;
        this.owner = owner;
        this.entries = entries;
    }

    /** Something may have to be written. */
    public void changed() {
        if (due.compareAndSet(false, true)) {
            owner.execute(this::write);
        }
    }

    /** The last writing: without anything left to find the file is removed; completes when that is done. */
    public CompletableFuture<Void> end() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        owner.execute(() -> {
            try {
                write();
                ended = true;
                if (written.isEmpty()) {
                    file.delete();
                }
            } catch (IOException e) {
                LOG.warn("application.stats cannot be removed: {}", e.toString());
            } finally {
                over.complete(null);
            }
        });
        return over;
    }

    private void write() {
        due.set(false);
        if (ended) {
            return;
        }
        List<Leftover> now = entries.get();
        if (now.equals(written)) {
            return;
        }
        try {
            file.write(now);
            written = now;
        } catch (IOException e) {
            LOG.warn("application.stats cannot be written, a crash would leave orphans: {}", e.toString());
        }
    }
}
