package io.openedge.function.python;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A worker process and the calls it has been given. It runs one call at a time in the order of {@link #call}; answers
 * are matched by number. Four threads: one writes, one reads answers, one reads prints, one waits for the end. Stages
 * complete on the reading thread, or on the waiting one when the worker has gone.
 */
final class Worker implements FunctionEndpoint, AutoCloseable {
    private static final int START_SECONDS = 120;
    private static final int STOP_MILLIS = 100;
    private static final int LAST_WORDS_MILLIS = 500;
    private static final int LONGEST_TEXT = 65535;

    private final Process process;
    private final WorkerLimits limits;
    private final LongSupplier progress;
    private final Logger log;
    private final Tracebacks tracebacks;
    private final Consumer<Throwable> died;
    private final FrameWriter writer;
    private final Thread reader;
    private final Thread prints;
    private final Thread waiter;
    private final OpenCalls calls = new OpenCalls();
    private final Object order = new Object(); // numbers are given in the order of the frames
    private long lastNumber; // guarded by order
    private String ended = ""; // why, once no call is left that has not heard it; guarded by order
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile String overLimit = "";
    private volatile String lastPrint = "";

    /**
     * Takes a process over and says hello.
     *
     * @param name of the instance, for the threads
     * @param progress answers, once the process has ended, at which call it was
     * @param died hears once when the worker ends and was not closed
     */
    Worker(
            Process process,
            String name,
            Frame hello,
            WorkerLimits limits,
            LongSupplier progress,
            Logger log,
            Consumer<Throwable> died) {
        this.process = process;
        this.limits = limits;
        this.progress = progress;
        this.log = log;
        this.tracebacks = new Tracebacks(log, System::nanoTime);
        this.died = died;
        this.writer = new FrameWriter(name, process.getOutputStream(), limits.concurrent());
        this.reader = new Thread(this::readFrames, name + "-answers");
        this.prints = new Thread(this::readPrints, name + "-prints");
        this.waiter = new Thread(this::awaitEnd, name + "-end");
        writer.offer(hello);
        for (Thread thread : new Thread[] {reader, prints, waiter}) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Waits until the worker has loaded its functions.
     *
     * @return what the worker says of itself, JSON
     * @throws IOException when it cannot, in the worker's words
     */
    String awaitReady() throws IOException, InterruptedException {
        try {
            return ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("functions were not loaded in " + START_SECONDS + " s", e);
        }
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public CompletionStage<FunctionMessage> call(FunctionMessage message) {
        int longest = limits.longest(message.functionName());
        if (message.payload().length > longest) {
            return failed(
                    Kind.TOO_LARGE, "message of " + message.payload().length + " bytes is larger than " + longest);
        }
        if (isTooLong(message.functionName()) || isTooLong(message.functionInvokeId()) || isTooLong(message.topic())) {
            return failed(Kind.TOO_LARGE, "topic or name is longer than " + LONGEST_TEXT + " bytes");
        }
        return send(message);
    }

    private CompletionStage<FunctionMessage> send(FunctionMessage message) {
        CompletableFuture<FunctionMessage> answer;
        synchronized (order) {
            if (!ended.isEmpty()) {
                return failed(Kind.NOT_DELIVERED, ended);
            }
            long number = ++lastNumber;
            answer = calls.add(number, message);
            if (!writer.offer(Frame.call(number, message))) {
                calls.forget(number);
                return failed(Kind.BUSY, "too many calls in flight");
            }
        }
        return answer;
    }

    private static boolean isTooLong(String text) {
        return text.length() > LONGEST_TEXT / 3 && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT;
    }

    private static CompletionStage<FunctionMessage> failed(Kind kind, String words) {
        return CompletableFuture.failedFuture(new FunctionException(kind, words));
    }

    private void readFrames() {
        try (FrameReader in = new FrameReader(process.getInputStream(), limits.longest())) {
            for (Frame frame = in.next(); frame != null; frame = in.next()) {
                accept(frame);
            }
        } catch (IOException e) {
            if (process.isAlive() && !closing) {
                log.error("worker is killed: {}", e.getMessage());
            }
            ProcessTree.kill(process);
        }
    }

    private void accept(Frame frame) throws IOException {
        switch (frame.kind()) {
            case READY -> ready.complete(frame.text());
            case ANSWER -> calls.answer(frame.call(), frame.head());
            case ERROR -> error(frame);
            case LOG -> tracebacks.say(frame.text().stripTrailing());
            default -> throw new IOException("the worker sent " + frame.kind());
        }
    }

    private void error(Frame frame) throws IOException {
        WorkerError error = WorkerError.of(frame);
        if (frame.call() == 0) {
            ready.completeExceptionally(new IOException(error.text()));
        } else {
            calls.fail(frame.call(), error.exception());
        }
        if (error.last()) {
            overLimit = error.text();
            ProcessTree.kill(process); // it waits for that, lest its last words are lost with it
        }
    }

    private void readPrints() {
        try (InputStream in = process.getErrorStream()) {
            LogLines.read(in, this::print);
        } catch (IOException e) {
            log.debug("prints of the worker end: {}", e.getMessage());
        }
    }

    private void print(String line) {
        lastPrint = line;
        log.info(line);
    }

    private void awaitEnd() {
        try {
            process.waitFor();
            ProcessTree.kill(process); // what user code started holds the pipes open
            reader.join(LAST_WORDS_MILLIS);
            prints.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        finish(process.exitValue());
    }

    private void finish(int exitValue) {
        writer.close();
        tracebacks.sum();
        long last = progress.getAsLong();
        limits.over(exitValue, calls.function(last)).ifPresent(words -> {
            overLimit = words;
            calls.fail(last, WorkerError.overLimit(words).exception());
        });
        String words = overLimit.isEmpty() ? "Python worker " + ExitWords.of(exitValue) : overLimit;
        boolean wasReady = ready.isDone() && !ready.isCompletedExceptionally();
        ready.completeExceptionally(new IOException(words + " before its functions were loaded"
                + (lastPrint.isEmpty() ? "" : "; it said last: " + lastPrint)));
        do {
            calls.failAll(last, new FunctionException(Kind.UNAVAILABLE, words));
        } while (!allHaveHeard(words));
        if (wasReady && !closing) {
            died.accept(new IOException(words));
        }
    }

    /** A call that comes meanwhile must not hear it before those that came first. */
    private boolean allHaveHeard(String words) {
        synchronized (order) {
            ended = calls.isEmpty() ? words : "";
            return !ended.isEmpty();
        }
    }

    /** Lets the call that runs end for a moment, then kills the worker with all that it started. */
    @Override
    public void close() {
        closing = true;
        try {
            if (writer.offer(Frame.stop())) {
                process.waitFor(STOP_MILLIS, TimeUnit.MILLISECONDS);
            }
            ProcessTree.kill(process);
            if (Thread.currentThread() != waiter) {
                waiter.join();
            }
        } catch (InterruptedException e) {
            ProcessTree.kill(process);
            Thread.currentThread().interrupt();
        }
    }
}
