package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.module.ModuleContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One function's messages and the instances that compute them, one call at a time each. A message that is taken has a
 * place until it is settled, so that neither the queue nor the results on their way can grow without bound. Between its
 * tries it holds no instance. Owned by the loop.
 */
public final class Pool {
    /** Messages that have a place. */
    static final int CAPACITY = 1000;
    /** Payloads from which on there is no place; a single one may be larger. Unit: bytes. */
    static final long BYTES = 8L << 20;

    private final FunctionConfig function;
    private final Loop loop;
    private final Delays delays;
    private final Crew crew;
    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Set<Job> resting = new HashSet<>();
    private final Deque<BooleanSupplier> feeders = new ArrayDeque<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private int places = CAPACITY;
    private long bytes;
    private boolean closing;

    /** A try under way; the first end counts. */
    private final class Attempt {
        private final PooledInstance instance;
        private final Job job;
        private Loop.@Nullable Timer limit;
        private boolean over;

        Attempt(PooledInstance instance, Job job) {
            this.instance = instance;
            this.job = job;
        }

        void start() {
            limit = loop.schedule(function.timeout(), this::timeOut);
            call(instance, job)
                    .whenComplete((answer, error) -> loop.execute(() -> {
                        if (!over) {
                            over = true;
                            limit.cancel();
                            end(answer, error);
                        }
                    }));
        }

        private void timeOut() {
            if (!over) {
                over = true;
                end(
                        null,
                        new FunctionException(
                                Kind.TIMEOUT,
                                "function " + function.name() + " did not answer in "
                                        + function.timeout().toMillis() + " ms"));
            }
        }

        private void end(@Nullable FunctionMessage answer, @Nullable Throwable error) {
            FunctionException failure = error == null ? null : failure(error);
            if (failure != null && isOfTheInstance(failure.kind())) {
                crew.discard(instance, failure.getMessage());
            } else {
                crew.giveBack(instance);
            }
            if (failure == null) {
                job.outcome().answered(answer);
            } else if (goesOn(failure)) {
                waiting.addFirst(job);
            } else if (job.failed(failure)) {
                rest(job);
            }
            dispatch();
        }

        /** All instances may have died at once: no try of the message, but an end must come. */
        private boolean goesOn(FunctionException failure) {
            return !closing
                    && failure.kind() == Kind.NOT_DELIVERED
                    && job.undelivered() <= function.instance().max();
        }
    }

    /** Starts the instances that are always there. Call it on the loop. */
    public Pool(ModuleContext context, FunctionConfig function, Loop loop) {
        this.function = function;
        this.loop = loop;
        this.delays = new Delays(function.backoff().max());
        this.crew = new Crew(context, function, loop, this::dispatch, this::chargeAll);
        crew.grow(0);
    }

    /**
     * Takes a message.
     *
     * @param tries how often it may be tried, a failed start included
     * @return false when there is no place; a feeder is asked when there is one again
     */
    public boolean submit(FunctionMessage message, int tries, Outcome outcome) {
        if (closing || places == 0 || bytes >= BYTES) {
            return false;
        }
        places--;
        bytes += message.payload().length;
        Job job = new Job(message, tries, outcome);
        long longest = function.longest();
        if (message.payload().length > longest) {
            job.failed(new FunctionException(
                    Kind.TOO_LARGE, "message of " + message.payload().length + " bytes is larger than " + longest));
        } else {
            waiting.addLast(job);
            dispatch();
        }
        return true;
    }

    /**
     * Names who keeps messages that found no place; the feeders take turns.
     *
     * @param feeder submits one that waits; false when none does
     */
    public void addFeeder(BooleanSupplier feeder) {
        feeders.addLast(feeder);
    }

    /** Gives the place of a message back: nothing more is to be done for it. */
    public void settled(int payload) {
        places++;
        bytes -= payload;
        if (!closing) {
            feed();
        } else if (places == CAPACITY) {
            drained.complete(null);
        }
    }

    /** One large message may have held the places of many small ones. */
    private void feed() {
        while (places > 0 && bytes < BYTES && feedOne()) {
            continue;
        }
    }

    private boolean feedOne() {
        for (int i = feeders.size(); i > 0; i--) {
            BooleanSupplier feeder = feeders.removeFirst();
            feeders.addLast(feeder);
            if (feeder.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    /** Instances that are there or being started. */
    int size() {
        return crew.size();
    }

    private void dispatch() {
        dropUnwanted();
        while (!closing && !waiting.isEmpty()) {
            PooledInstance instance = crew.take();
            if (instance == null) {
                break;
            }
            new Attempt(instance, waiting.removeFirst()).start();
            dropUnwanted();
        }
        if (!closing) {
            crew.grow(waiting.size());
        }
    }

    /** A caller that has gone must not make an instance work for nobody. */
    private void dropUnwanted() {
        while (!waiting.isEmpty() && !waiting.peekFirst().outcome().wanted()) {
            waiting.removeFirst().outcome().abandoned();
        }
    }

    private static boolean isOfTheInstance(Kind kind) {
        return kind == Kind.UNAVAILABLE || kind == Kind.NOT_DELIVERED || kind == Kind.TIMEOUT;
    }

    private static CompletionStage<FunctionMessage> call(PooledInstance instance, Job job) {
        try {
            return instance.connection().call(job.message());
        } catch (RuntimeException | LinkageError e) { // the runtime's bundle is going away
            return CompletableFuture.failedFuture(e);
        }
    }

    private static FunctionException failure(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof FunctionException e ? e : new FunctionException(Kind.UNAVAILABLE, cause.toString());
    }

    /** Lets a message wait before its next try, which comes before those of later messages. */
    private void rest(Job job) {
        if (closing) {
            job.outcome().abandoned();
            return;
        }
        resting.add(job);
        loop.schedule(delays.after(job.failures()), () -> {
            if (resting.remove(job)) {
                waiting.addFirst(job);
                dispatch();
            }
        });
    }

    /** There is no instance and none can be started: that is a try of every message that waits. */
    private void chargeAll(FunctionException error) {
        List<Job> all = new ArrayList<>(waiting);
        waiting.clear();
        for (Job job : all) {
            if (job.failed(error)) {
                waiting.addLast(job);
            }
        }
    }

    /** Gives up what has not had its turn; completes when the calls that run are settled. */
    public CompletionStage<Void> drain() {
        closing = true;
        List<Job> all = new ArrayList<>(waiting);
        all.addAll(resting);
        waiting.clear();
        resting.clear();
        all.forEach(job -> job.outcome().abandoned());
        if (places == CAPACITY) {
            drained.complete(null);
        }
        return drained;
    }

    /** Stops the instances; completes when they are over. */
    public CompletionStage<Void> close() {
        closing = true;
        return crew.close();
    }
}
