package io.openedge.module.runtime;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.openedge.app.ConfigException;
import io.openedge.config.LogAppenders;
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
    private final Map<Path, SharedFile> open = new HashMap<>(); // guarded by this

    LogFiles(LoggerContext logging) {
        this.logging = logging;
    }

    /** The logger with nothing of its own: it writes where the gateway does. */
    Logger plain(String name) {
        return logging.getLogger(name);
    }

    /**
     * Gives a logger its level and, when the section names one, its file.
     *
     * @return takes both away again
     * @throws ConfigException when the file cannot be written; the logger is as before then
     */
    synchronized Runnable equip(Logger logger, LoggerConfig section, Path directory) throws ConfigException {
        if (section.path().isEmpty()) {
            logger.setLevel(LogAppenders.level(section.level()));
            return () -> logger.setLevel(null);
        }
        Path path = real(directory.resolve(section.path()).normalize());
        SharedFile file = open.get(path);
        if (file == null) {
            file = new SharedFile(LogAppenders.create(logging, logger.getName(), at(path, section), directory));
            open.put(path, file);
        }
        file.users++;
        logger.setLevel(LogAppenders.level(section.level()));
        logger.addAppender(file.appender);
        logger.setAdditive(false);
        return () -> giveBack(logger, path);
    }

    private static LoggerConfig at(Path path, LoggerConfig section) {
        return new LoggerConfig(
                path.toString(), section.level(), section.format(), section.age(), section.size(), section.backup());
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

    /** Where the file really is: two services may reach the same one through the links of their directories. */
    private static Path real(Path path) {
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

    private static final class SharedFile {
        private final Appender<ILoggingEvent> appender;
        private int users;

        private SharedFile(Appender<ILoggingEvent> appender) {
            this.appender = appender;
        }
    }
}
