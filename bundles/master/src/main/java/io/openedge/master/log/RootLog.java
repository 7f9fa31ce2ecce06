package io.openedge.master.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import io.openedge.app.ConfigException;
import io.openedge.config.LogAppenders;
import io.openedge.config.LoggerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The gateway's own log. Stateless; one thread at a time. */
public final class RootLog {
    private static final String NAME = "gateway";
    /** Below info this library writes what goes over the wire, and there are tokens in it. */
    private static final String WIRE = "com.github.dockerjava";

    private RootLog() {}

    /**
     * From now on the log goes where the configuration says, and nowhere else but to standard output in the foreground.
     *
     * @param directory where a relative path is taken
     * @param foreground keeps what writes to standard output
     * @throws ConfigException when the file cannot be written; then the log stays as it was
     */
    public static void configure(LoggerConfig config, Path directory, boolean foreground) throws ConfigException {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Appender<ILoggingEvent> ours = root.getAppender(NAME);
        if (ours != null && writes(ours, directory.resolve(config.path()).normalize())) {
            close(root, ours); // its file is wanted again
        }
        List<Appender<ILoggingEvent>> before = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(before::add);
        if (foreground && !config.path().isEmpty()) {
            before.removeIf(appender -> appender != ours && appender instanceof ConsoleAppender);
        }
        root.addAppender(LogAppenders.create(context, NAME, config, directory));
        root.setLevel(LogAppenders.level(config.level()));
        boolean chatty = !root.getLevel().isGreaterOrEqual(Level.INFO);
        context.getLogger(WIRE).setLevel(chatty ? Level.INFO : null);
        before.forEach(appender -> close(root, appender));
    }

    private static boolean writes(Appender<ILoggingEvent> appender, Path file) {
        return appender instanceof FileAppender<ILoggingEvent> files && file.equals(Path.of(files.getFile()));
    }

    private static void close(Logger root, Appender<ILoggingEvent> appender) {
        root.detachAppender(appender);
        appender.stop();
    }
}
