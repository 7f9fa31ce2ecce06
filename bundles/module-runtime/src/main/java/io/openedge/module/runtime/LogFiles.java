package io.openedge.module.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.openedge.config.LoggerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The log files of the instances. Two rolling appenders on one file would corrupt it, so there is one for each file,
 * shared by the loggers that name it and stopped with the last of them; the first one's limits and format hold.
 *
 * <p>Thread rule: any thread.
 */
final class LogFiles {
    private final LoggerContext logging;
    private final AppenderFactory appenders;
    private final Map<Path, SharedFile> open = new HashMap<>(); // guarded by this

    LogFiles(LoggerContext logging, AppenderFactory appenders) {
        this.logging = logging;
        this.appenders = appenders;
    }

    /** The logger with nothing of its own: it writes where the gateway does. */
    Logger plain(String name) {
        return logging.getLogger(name);
    }

    /**
     * Gives a logger its level and, when the section names one, its file.
     *
     * @return takes both away again
     */
    synchronized Runnable equip(Logger logger, LoggerConfig section, Path directory) {
        logger.setLevel(level(section.level()));
        if (section.path().isEmpty()) {
            return () -> logger.setLevel(null);
        }
        Path key = file(directory.resolve(section.path()).normalize());
        SharedFile file = open.computeIfAbsent(key, path -> create(path, section, directory));
        file.users++;
        logger.addAppender(file.appender);
        logger.setAdditive(false);
        return () -> giveBack(logger, key);
    }

    private SharedFile create(Path path, LoggerConfig section, Path directory) {
        return new SharedFile(appenders.create(logging, "file " + path, section, directory));
    }

    private synchronized void giveBack(Logger logger, Path key) {
        SharedFile file = open.get(key);
        logger.setAdditive(true);
        logger.setLevel(null);
        logger.detachAppender(file.appender);
        file.users--;
        if (file.users == 0) {
            open.remove(key);
            file.appender.stop();
        }
    }

    /** The file itself: two services may reach the same one through the links of their directories. */
    private static Path file(Path path) {
        Path folder = path.getParent();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            return folder.toRealPath().resolve(path.getFileName());
        } catch (IOException ignored) {
            return path; // the appender says what is wrong with it
        }
    }

    private static Level level(LoggerConfig.Level level) {
        return level == LoggerConfig.Level.FATAL ? Level.ERROR : Level.valueOf(level.name());
    }

    private static final class SharedFile {
        private final Appender<ILoggingEvent> appender;
        private int users;

        private SharedFile(Appender<ILoggingEvent> appender) {
            this.appender = appender;
        }
    }
}
