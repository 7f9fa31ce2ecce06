package io.openedge.launcher;

import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The one way out: whoever ends the process, a signal, the exit service or a failed start, the framework is stopped and
 * waited for, then the process ends with the first code that was asked for; 0 after a signal. Thread rule: any thread.
 */
final class Ending implements IntConsumer {
    /** The master stops its services within its grace; this only bounds a stop that hangs. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration MARGIN = Duration.ofMinutes(1);
    /** How long its stop may take, a service says in this property. Unit: milliseconds. */
    private static final String STOP_MILLIS = "openedge.stop.millis";

    private static final int NONE = -1;

    private final IntConsumer exit;
    private final AtomicReference<@Nullable Framework> framework = new AtomicReference<>();
    private volatile Runnable first = () -> {};
    private final AtomicInteger code = new AtomicInteger(NONE);

    /** @param exit ends the process with a code, running its shutdown hooks */
    Ending(IntConsumer exit) {
        this.exit = exit;
    }

    /** From now on a signal ends the process with 0. Nothing slow may come before this, not even a logger. */
    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "openedge-stop"));
    }

    /** From now on the end of the process begins with this. */
    void beginsWith(Runnable task) {
        first = task;
    }

    /** From now on the end of the process stops this framework first. */
    void stops(Framework started) {
        framework.set(started);
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
            first.run();
            Framework started = framework.get();
            if (started != null) {
                stop(started);
                flushLog();
            }
        } finally {
            Runtime.getRuntime().halt(code.get());
        }
    }

    private static void stop(Framework started) {
        try {
            Duration limit = limit(started.getBundleContext());
            started.stop();
            started.waitForStop(limit.toMillis());
        } catch (BundleException | InterruptedException e) {
            LoggerFactory.getLogger(Ending.class).error("The framework did not stop: {}", e.toString());
        }
    }

    /** How long the framework may take to stop: longer than the longest of its services. */
    static Duration limit(@Nullable BundleContext context) {
        Duration longest = LIMIT;
        try {
            ServiceReference<?>[] slow =
                    context == null ? null : context.getAllServiceReferences(null, "(" + STOP_MILLIS + "=*)");
            for (ServiceReference<?> service : slow == null ? new ServiceReference<?>[0] : slow) {
                if (service.getProperty(STOP_MILLIS) instanceof Long millis) {
                    Duration limit = Duration.ofMillis(millis).plus(MARGIN);
                    longest = limit.compareTo(longest) > 0 ? limit : longest;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        } catch (IllegalStateException e) {
            return longest; // the framework stops already
        }
        return longest;
    }

    private static void flushLog() {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers instanceof LoggerContext context) {
            context.stop();
        }
    }
}
