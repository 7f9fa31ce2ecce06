package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.master.work.Owner;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The application that runs and the updates of it: one at a time; of those that wait the newest wins. Thread rule: any
 * thread; nothing blocks. What is returned completes where its continuations may block.
 */
public final class Updates {
    private final Parts parts;
    private final Running running;
    private final Owner owner;
    private final AtomicReference<@Nullable Request> waiting = new AtomicReference<>();
    private final AtomicReference<@Nullable Request> current = new AtomicReference<>();
    private final CompletableFuture<String> ending = new CompletableFuture<>();

    /**
     * @param now what runs
     * @param broken what is wrong with its file; empty: nothing
     * @param failure of an update before; empty: none
     */
    public Updates(Surroundings around, Deployment now, String broken, String failure) {
        this(around.parts(new HostDisk()), now, broken, failure);
    }

    Updates(Parts parts, Deployment now, String broken, String failure) {
        this.parts = parts;
        this.running = new Running(
                now, parts.journal().read().map(Journal.Entry::before).orElse(Set.of()), broken, failure);
        this.owner = parts.workers().blockingOwner();
        List<Path> leftovers = parts.sets().leftovers(); // now: plans unpack on other threads
        owner.execute(() -> ApplicationSets.clean(leftovers));
    }

    /** The application that runs: the one that a start after a crash would run too. */
    public AppConfig application() {
        return running.now().application();
    }

    /** What is wrong with the application or its last update; empty: nothing. */
    public String error() {
        return running.error();
    }

    /** As {@link io.openedge.system.Gateway#progress}. */
    public UpdateProgress progress() {
        return running.progress();
    }

    /**
     * As {@link io.openedge.system.Gateway#plan}.
     *
     * @param operator whether the operator asks
     */
    public CompletionStage<UpdatePlan> plan(String path, boolean operator) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Review review = new Review(parts, new Request(path, operator), what -> {});
                        try (Review.Outcome outcome = review.of(running.now())) {
                            return outcome.plan();
                        }
                    } catch (Refused e) {
                        throw new GatewayException(e.kind(), String.valueOf(e.getMessage()));
                    } catch (Cancelled e) {
                        throw new GatewayException(Kind.INVALID, String.valueOf(e.getMessage()));
                    }
                },
                parts.workers().calls());
    }

    /**
     * As {@link io.openedge.system.Gateway#admit}.
     *
     * @param operator whether the operator asks
     */
    public CompletionStage<Void> admit(String path, boolean operator) {
        if (parts.gate().isOpen()) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        new Review(parts, new Request(path, operator), what -> {}).admit();
                    } catch (Refused e) {
                        throw new GatewayException(e.kind(), String.valueOf(e.getMessage()));
                    }
                },
                parts.workers().calls());
    }

    /**
     * As {@link io.openedge.system.Gateway#update}.
     *
     * @param operator whether the operator asks
     */
    public CompletionStage<UpdateResult> update(String path, boolean operator) {
        Request request = new Request(path, operator);
        Request older = waiting.getAndSet(request);
        if (older != null) {
            answer(older, cancelled("a newer update was asked for before this one began"));
        }
        owner.execute(this::next);
        return request.result();
    }

    /** As {@link io.openedge.system.Gateway#cancel}. */
    public void cancel() {
        Request now = current.get();
        if (now != null) {
            now.cancelled().complete("given up on request");
        }
    }

    /** Gives up what runs and waits: its files are put back, its services are left as they are. */
    public CompletableFuture<Void> end() {
        ending.complete("the gateway stops");
        Request now = current.get();
        if (now != null) {
            now.cancelled().complete("the gateway stops");
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        owner.execute(() -> over.complete(null));
        return over;
    }

    /** Lets engines throw away what no application of now or before needs; may block. */
    public void retain() {
        parts.changer().retain(running.services());
    }

    private void next() {
        Request request = waiting.getAndSet(null);
        if (request == null) {
            return; // a newer one took its place and has run
        }
        current.set(request);
        if (ending.isDone()) {
            request.cancelled().complete("the gateway stops");
        }
        try {
            answer(request, new Transaction(parts, running, request, ending).run());
        } catch (RuntimeException | Error e) {
            answer(
                    request,
                    new UpdateResult(
                            Outcome.ROLL_BACK_FAILED, application().version(), "a fault of the gateway: " + e));
            throw e;
        } finally {
            current.set(null);
        }
    }

    private UpdateResult cancelled(String reason) {
        return new UpdateResult(Outcome.CANCELLED, application().version(), reason);
    }

    private void answer(Request request, UpdateResult result) {
        try {
            parts.workers().calls().execute(() -> request.result().complete(result));
        } catch (RejectedExecutionException ended) {
            request.result().complete(result);
        }
    }
}
