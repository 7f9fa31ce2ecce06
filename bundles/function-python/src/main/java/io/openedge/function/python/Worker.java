package io.openedge.function.python;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * A worker process and the calls it has been given. It runs one call at a time in the order of {@link #call}; answers
 * are matched by number. Four threads: one writes, one reads answers, one reads prints, one waits for the end. Stages
 * complete on the reading thread, or on the waiting one when the worker has gone.
 */
final class Worker implements FunctionEndpoint, AutoCloseable {
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 2;
    private static final int LONGEST_TEXT = 65535;

    private final Process process;
    private final int longest;
    private final Logger log;
    private final Tracebacks tracebacks;
    private final Consumer<Throwable> died;
    private final FrameWriter writer;
    private final Thread reader;
    private final Thread prints;
    private final Thread waiter;
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastCall = new AtomicLong();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile boolean closing;

    private record Call(FunctionMessage message, CompletableFuture<FunctionMessage> answer) {}

    /**
     * Takes a process over and says hello.
     *
     * @param name of the instance, for the threads
     * @param concurrent how many frames may wait
     * @param longest payload or result. Unit: bytes
     * @param died hears once when the worker ends and was not closed
     */
    Worker(
            Process process,
            String name,
            Frame hello,
            int concurrent,
            int longest,
            Logger log,
            Consumer<Throwable> died) {
        this.process = process;
        this.longest = longest;
        this.log = log;
        this.tracebacks = new Tracebacks(log, System::nanoTime);
        this.died = died;
        this.writer = new FrameWriter(name, process.getOutputStream(), concurrent);
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
        if (message.payload().length > longest) {
            return failed(
                    Kind.TOO_LARGE, "message of " + message.payload().length + " bytes is larger than " + longest);
        }
        if (message.functionName().length() > LONGEST_TEXT / 3
                || message.functionInvokeId().length() > LONGEST_TEXT / 3
                || message.topic().getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
            return failed(Kind.TOO_LARGE, "topic or name is longer than " + LONGEST_TEXT + " bytes");
        }
        if (!process.isAlive()) {
            return failed(Kind.NOT_DELIVERED, "the Python worker has ended");
        }
        long number = lastCall.incrementAndGet();
        CompletableFuture<FunctionMessage> answer = new CompletableFuture<>();
        calls.put(number, new Call(message, answer));
        if (!writer.offer(Frame.call(number, message))) {
            calls.remove(number);
            return failed(Kind.UNAVAILABLE, "too many calls in flight");
        }
        if (ended.isDone()) {
            failCalls(ended.join());
        }
        return answer;
    }

    private static CompletionStage<FunctionMessage> failed(Kind kind, String words) {
        return CompletableFuture.failedFuture(new FunctionException(kind, words));
    }

    private void readFrames() {
        try (FrameReader in = new FrameReader(process.getInputStream(), longest)) {
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
            case ANSWER -> answer(frame);
            case ERROR -> error(frame);
            case LOG -> tracebacks.say(frame.text().stripTrailing());
            default -> throw new IOException("the worker sent " + frame.kind());
        }
    }

    private void answer(Frame frame) {
        Call call = calls.remove(frame.call());
        if (call != null) {
            call.answer().complete(call.message().withPayload(frame.head()));
        }
    }

    private void error(Frame frame) throws IOException {
        WorkerError error = WorkerError.of(frame);
        Call call = calls.remove(frame.call());
        if (call != null) {
            call.answer().completeExceptionally(error.exception());
        } else if (frame.call() == 0) {
            ready.completeExceptionally(new IOException(error.text()));
        }
    }

    private void readPrints() {
        try (InputStream in = process.getErrorStream()) {
            LogLines.read(in, log::info);
        } catch (IOException e) {
            log.debug("prints of the worker end: {}", e.getMessage());
        }
    }

    private void awaitEnd() {
        try {
            process.waitFor();
            ProcessTree.kill(process); // what user code started holds the pipes open
            reader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            prints.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        finish("Python worker " + ExitWords.of(process.exitValue()));
    }

    private void finish(String words) {
        writer.close();
        tracebacks.sum();
        ended.complete(words);
        boolean wasReady = ready.isDone() && !ready.isCompletedExceptionally();
        ready.completeExceptionally(new IOException(words + " before its functions were loaded"));
        failCalls(words);
        if (wasReady && !closing) {
            died.accept(new IOException(words));
        }
    }

    private void failCalls(String words) {
        for (Long number : calls.keySet()) {
            Call call = calls.remove(number);
            if (call != null) {
                call.answer().completeExceptionally(new FunctionException(Kind.UNAVAILABLE, words));
            }
        }
    }

    /** Lets the call that runs end for a short while, then kills the worker with all that it started. */
    @Override
    public void close() {
        closing = true;
        try {
            if (writer.offer(Frame.stop())) {
                process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
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
