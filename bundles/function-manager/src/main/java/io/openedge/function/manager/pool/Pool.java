package io.openedge.function.manager.pool;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.pool.PooledInstance.Attempt;
import io.openedge.module.ModuleContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One function's messages and the instances that compute them. A message that is taken has a place until it is settled, so
 * that neither the queue nor the results on their way can grow without bound. Between its tries it holds no instance.
 * Owned by the loop.
 */
public final class Pool {
    /** Messages that have a place. */
    static final int CAPACITY = 1000;
    /** Payloads from which on there is no place; a single one may be larger. Unit: bytes. */
    static final long BYTES = 8L << 20;
    /** While the last answer is no older, others are expected. */
    private static final long LIVELY = Duration.ofSeconds(1).toNanos();

    private final FunctionConfig function;
    private final Loop loop;
    private final Delays delays;
    private final Crew crew;
    private final WaitingJobs waiting = new WaitingJobs();
    /** Messages at which an instance went, and whose next try is due. */
    private final Deque<Job> suspects = new ArrayDeque<>();

    private final Set<Job> resting = new HashSet<>();
    private final Deque<Lane> lanes = new ArrayDeque<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private int places = CAPACITY;
    private long bytes;
    private boolean answered;
    private long lastAnswer;
    private boolean dispatching;
    private boolean closing;

    /** Starts the instances that are always there. Call it on the loop. */
    public Pool(ModuleContext context, FunctionConfig function, Loop loop) {
        this.function = function;
        this.loop = loop;
        this.delays = new Delays(function.backoff().max());
        this.crew = new Crew(context, function, loop, this::dispatch, this::chargeAll);
        crew.fit(0, 0, false);
    }

    /**
     * A way in, for one who brings messages.
     *
     * @param feeder submits one that found no place before; false when none did
     */
    public Lane lane(BooleanSupplier feeder) {
        Lane lane = new Lane(this, feeder);
        lanes.addLast(lane);
        return lane;
    }

    boolean reserve(int payload) {
        if (closing || places == 0 || bytes >= BYTES) {
            return false;
        }
        places--;
        bytes += payload;
        return true;
    }

    void run(Job job) {
        int size = job.message().payload().length;
        if (closing) {
            job.outcome().abandoned();
        } else if (size > function.longest()) {
            job.failed(new FunctionException(
                    Kind.TOO_LARGE, "message of " + size + " bytes is larger than " + function.longest()));
        } else {
            waiting.addLast(job);
            dispatch();
        }
    }

    void settled(int payload) {
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
        for (int i = lanes.size(); i > 0; i--) {
            Lane lane = lanes.removeFirst();
            lanes.addLast(lane);
            if (lane.feed()) {
                return true;
            }
        }
        return false;
    }

    /** Instances that are there or being started. */
    int size() {
        return crew.size();
    }

    /** Gives instances what waits. Who hears an outcome may bring the next message meanwhile: that has its turn here too. */
    private void dispatch() {
        if (dispatching || closing) {
            return;
        }
        dispatching = true;
        try {
            dispatchSuspects();
            if (suspects.isEmpty()) {
                crew.shrink();
            }
            for (Job job = next(); job != null && (suspects.isEmpty() || crew.mayHaveOneMore()); job = next()) {
                PooledInstance instance = crew.take();
                if (instance == null) {
                    break;
                }
                waiting.remove();
                send(instance, job);
            }
        } finally {
            dispatching = false;
        }
        crew.fit(waiting.size(), suspects.size(), othersComeAndGo());
    }

    /** A message at which an instance went must not take that of the others along. */
    private void dispatchSuspects() {
        suspects.removeIf(job -> {
            boolean gone = !job.outcome().wanted();
            if (gone) {
                job.outcome().abandoned();
            }
            return gone;
        });
        PooledInstance instance = suspects.isEmpty() ? null : crew.takeAlone(waiting.size(), othersComeAndGo());
        while (instance != null) {
            send(instance, suspects.removeFirst());
            instance = suspects.isEmpty() ? null : crew.takeAlone(waiting.size(), othersComeAndGo());
        }
    }

    private boolean othersComeAndGo() {
        return answered && loop.nanos() - lastAnswer < LIVELY;
    }

    /** Tries one again that had its turn before. */
    private void again(Job job) {
        if (job.suspect()) {
            suspects.addFirst(job);
        } else {
            waiting.addFirst(job);
        }
    }

    /** A caller that has gone must not make an instance work for nobody. */
    private @Nullable Job next() {
        Job job = waiting.peek();
        while (job != null && !job.outcome().wanted()) {
            waiting.remove().outcome().abandoned();
            job = waiting.peek();
        }
        return job;
    }

    private void send(PooledInstance instance, Job job) {
        long now = loop.nanos();
        CompletableFuture<FunctionMessage> answer = call(instance, job);
        boolean first = instance.load() == 0; // no answer of it is on its way here, which this one would overtake
        if (first && answer.isDone() && !answer.isCompletedExceptionally()) { // a function in Java that is quick
            instance.answeredAtOnce(now);
            crew.giveBack(instance);
            hasAnswered(now);
            job.outcome().answered(answer.join());
            return;
        }
        Attempt attempt = instance.begin(job, now);
        answer.whenComplete((result, error) -> loop.execute(() -> end(instance, attempt, result, error)));
        watch(instance);
    }

    private void hasAnswered(long now) {
        answered = true;
        lastAnswer = now;
    }

    private static CompletableFuture<FunctionMessage> call(PooledInstance instance, Job job) {
        try {
            return instance.connection().call(job.message()).toCompletableFuture();
        } catch (RuntimeException | LinkageError e) { // the runtime's bundle is going away
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end(
            PooledInstance instance, Attempt attempt, @Nullable FunctionMessage answer, @Nullable Throwable error) {
        if (attempt.over()) {
            return;
        }
        FunctionException failure = error == null ? null : Failures.of(error);
        if (failure != null && failure.kind() == Kind.BUSY && instance.load() > 1) {
            refused(instance, attempt);
        } else if (failure != null && Failures.areOfTheInstance(failure.kind())) {
            lost(instance, attempt, failure);
        } else {
            instance.ended(attempt, loop.nanos());
            crew.giveBack(instance);
            if (failure == null) {
                hasAnswered(instance.since());
                attempt.job().outcome().answered(answer);
            } else {
                charge(attempt.job(), failure);
            }
        }
        dispatch();
    }

    /** The instance is well, and has as many calls as it takes. */
    private void refused(PooledInstance instance, Attempt attempt) {
        instance.refused(attempt, loop.nanos());
        if (closing) {
            attempt.job().outcome().abandoned();
        } else {
            waiting.addFirst(attempt.job());
        }
    }

    /** The limit is that of the call which is computed; those in the pipe behind it have not begun. */
    private void watch(PooledInstance instance) {
        if (!instance.watch()) {
            long left = function.timeout().toNanos() - (loop.nanos() - instance.since());
            loop.schedule(Duration.ofNanos(left), () -> look(instance));
        }
    }

    private void look(PooledInstance instance) {
        instance.unwatch();
        Attempt first = instance.first();
        if (first == null) {
            return;
        }
        if (loop.nanos() - instance.since() < function.timeout().toNanos()) {
            watch(instance);
            return;
        }
        String words = "function " + function.name() + " did not answer in "
                + function.timeout().toMillis() + " ms";
        lost(instance, first, new FunctionException(Kind.TIMEOUT, words));
        dispatch();
    }

    /**
     * The instance is gone. It was computing its first call, whose try that was; the others had not begun and go to another
     * instance.
     *
     * @param attempt whose end told it: one that was not delivered says nothing of the one before it
     */
    private void lost(PooledInstance instance, Attempt attempt, FunctionException failure) {
        List<Attempt> all = instance.abandon();
        crew.discard(instance, failure.getMessage());
        for (int i = all.size() - 1; i >= 0; i--) {
            Job job = all.get(i).job();
            boolean began = i == 0 && (failure.kind() != Kind.NOT_DELIVERED || all.get(0) != attempt);
            if (began) {
                charge(job, new FunctionException(Failures.begun(failure.kind()), failure.getMessage()));
            } else if (closing) {
                job.outcome().abandoned();
            } else if (goesOn(job, failure.kind())) {
                again(job);
            } else {
                charge(job, failure);
            }
        }
    }

    /** All instances may have died at once, or each for a message before: no try of this one, but an end must come. */
    private boolean goesOn(Job job, Kind kind) {
        return kind == Kind.NOT_DELIVERED
                ? job.undelivered() <= function.instance().max()
                : job.spared();
    }

    /** A try has failed: the message waits before the next one, which comes before those of later messages. */
    private void charge(Job job, FunctionException failure) {
        if (!job.failed(failure)) {
            return;
        }
        if (closing) {
            job.outcome().abandoned();
            return;
        }
        resting.add(job);
        loop.schedule(delays.after(job.failures()), () -> {
            if (resting.remove(job)) {
                again(job);
                dispatch();
            }
        });
    }

    /** There is no instance and none can be started: that is a try of every message that waits. */
    private void chargeAll(FunctionException error) {
        for (Job job : takeAll()) {
            if (job.failed(error)) {
                waiting.addLast(job);
            }
        }
    }

    private List<Job> takeAll() {
        List<Job> all = new ArrayList<>(suspects);
        suspects.clear();
        all.addAll(waiting.removeAll());
        return all;
    }

    /** Gives up what has not had its turn; completes when the calls that run are settled. */
    public CompletionStage<Void> drain() {
        closing = true;
        List<Job> all = takeAll();
        all.addAll(resting);
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
