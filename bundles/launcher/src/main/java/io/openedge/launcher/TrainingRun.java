package io.openedge.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * In the training run: waits until the bundles have loaded what they load at a start, runs the command line of a gateway
 * once, and ends the process, whose JVM then writes the archive. The framework is not stopped: the JVM archives only classes that
 * are still there. Ends as soon as nobody holds the other end of standard input. Thread rule: daemon threads of its own.
 */
final class TrainingRun implements ClassArchive {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PACE = Duration.ofMillis(500);
    /** So many looks in a row must find no new class. */
    private static final int QUIET = 6;

    private static final int ABANDONED = 4;

    private final Program program;
    private final Settings settings;
    private final IntConsumer halt = Runtime.getRuntime()::halt;

    private TrainingRun(Program program, Settings settings) {
        this.program = program;
        this.settings = settings;
    }

    /** @param parent standard input: it ends with who wants the archive */
    static TrainingRun ofParent(Program program, Settings settings, InputStream parent) {
        TrainingRun run = new TrainingRun(program, settings);
        daemon("openedge-parent", () -> run.awaitEnd(parent));
        return run;
    }

    @Override
    public void begin() {
        daemon("openedge-training", this::train);
    }

    /** The end is a kill: at any other the JVM would write an archive first. */
    private void awaitEnd(InputStream parent) {
        try {
            parent.transferTo(OutputStream.nullOutputStream());
            new ProcessBuilder("sh", "-c", "kill -9 $PPID").start().waitFor();
            halt.accept(ABANDONED);
        } catch (IOException | InterruptedException e) {
            halt.accept(ABANDONED);
        }
    }

    private void train() {
        try {
            long end = System.nanoTime() + LIMIT.toNanos();
            awaitQuiet(end);
            if (program.isGateway()) {
                commandLine(end);
                awaitQuiet(end);
            }
            halt.accept(0);
        } catch (IOException | InterruptedException | RuntimeException e) {
            halt.accept(ABANDONED);
        }
    }

    /** Until no class was loaded for a while, or the time is over: then the archive holds what there is. */
    private static void awaitQuiet(long end) throws InterruptedException {
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        CountDownLatch never = new CountDownLatch(1);
        long before = -1;
        int quiet = 0;
        while (quiet < QUIET && System.nanoTime() < end) {
            never.await(PACE.toMillis(), TimeUnit.MILLISECONDS);
            long now = classes.getTotalLoadedClassCount();
            quiet = now == before ? quiet + 1 : 0;
            before = now;
        }
    }

    /** Asks for the status: it warms what answers here, and leaves an archive of the command's own. */
    private void commandLine(long end) throws IOException, InterruptedException {
        Process command = new ProcessBuilder(
                        settings.home().resolve("bin/openedge").toString(),
                        "status",
                        "-w",
                        settings.workdir().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!command.waitFor(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            command.destroyForcibly();
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
