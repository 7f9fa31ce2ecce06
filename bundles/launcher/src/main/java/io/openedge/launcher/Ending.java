package io.openedge.launcher;

import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way out: whoever ends the process, a signal, the exit service or a failed start, the framework is stopped and
 * waited for, then the process ends with the first code that was asked for; 0 after a signal. Thread rule: any thread.
 */
final class Ending implements IntConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    /** The master stops its services within its grace; this only bounds a stop that hangs. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final int NONE = -1;

    private final Framework framework;
    private final IntConsumer exit;
    private final AtomicInteger code = new AtomicInteger(NONE);

    /** @param exit ends the process with a code, running its shutdown hooks */
    Ending(Framework framework, IntConsumer exit) {
        this.framework = framework;
        this.exit = exit;
    }

    /** From now on the end of the process stops the framework first. */
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "openedge-stop"));
    }

    /** Says with which code the process ends; false when that was said before. */
    boolean begin(int asked) {
        return code.compareAndSet(NONE, asked);
    }

    /** Ends the gateway with that code. Returns at once: the caller may be a component that is stopped by this. */
    @Override
    public void accept(int asked) {
        begin(asked);
        Thread ending = new Thread(() -> exit.accept(asked), "openedge-exit");
        ending.setDaemon(true);
        ending.start();
    }

    private void stop() {
        begin(0);
        try {
            framework.stop();
            framework.waitForStop(LIMIT.toMillis());
        } catch (BundleException | InterruptedException e) {
            LOG.error("The framework did not stop: {}", e.toString());
        } finally {
            flushLog();
            Runtime.getRuntime().halt(code.get());
        }
    }

    private static void flushLog() {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers instanceof LoggerContext context) {
            context.stop();
        }
    }
}
