package io.openedge.config;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes logback appenders from a {@code logger:} section. Stateless; any thread. Whoever gets an appender stops it.
 *
 * <p>A file rolls each day (UTC) and at its size; old ones go after {@code age} days and when all together are larger than
 * {@code size} times {@code backup}.
 */
public final class LogAppenders {
    private static final long MEGABYTE = 1 << 20;

    private LogAppenders() {}

    /**
     * A started appender to the configured file, or to standard output when there is none. A file that another appender of
     * the context writes already, as when a service has several instances, gets the name as part of its own.
     *
     * @param name unique in the context
     * @param directory where a relative path is taken
     * @throws ConfigException when the file cannot be written
     */
    public static Appender<ILoggingEvent> create(
            LoggerContext context, String name, LoggerConfig config, Path directory) throws ConfigException {
        if (config.path().isEmpty()) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            start(console, context, name, config);
            return console;
        }
        context.getConfigurationLock().lock();
        try {
            return file(context, name, config, directory.resolve(config.path()).normalize());
        } finally {
            context.getConfigurationLock().unlock();
        }
    }

    /** Logback's word for a level; fatal is error. */
    public static ch.qos.logback.classic.Level level(LoggerConfig.Level level) {
        return switch (level) {
            case TRACE -> ch.qos.logback.classic.Level.TRACE;
            case DEBUG -> ch.qos.logback.classic.Level.DEBUG;
            case INFO -> ch.qos.logback.classic.Level.INFO;
            case WARN -> ch.qos.logback.classic.Level.WARN;
            case ERROR, FATAL -> ch.qos.logback.classic.Level.ERROR;
        };
    }

    private static Appender<ILoggingEvent> file(LoggerContext context, String name, LoggerConfig config, Path wanted)
            throws ConfigException {
        OpenFiles open = openFiles(context);
        Path file = open.hold(wanted) ? beside(wanted, name) : wanted;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new ConfigException("logger.path: the folder of " + file + " cannot be made: " + e, e);
        }
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file.toString().replace("%", "\\%") + ".%d{yyyy-MM-dd, UTC}.%i");
        rolling.setMaxFileSize(new FileSize(config.size().max() * MEGABYTE));
        rolling.setMaxHistory(config.age().max());
        rolling.setTotalSizeCap(
                new FileSize(config.size().max() * MEGABYTE * config.backup().max()));
        rolling.setCleanHistoryOnStart(true);
        rolling.start();
        appender.setRollingPolicy(rolling);
        start(appender, context, name, config);
        if (!appender.isStarted()) {
            throw new ConfigException("logger.path: " + file + " cannot be written");
        }
        open.appenders().put(file, appender);
        return appender;
    }

    /** The files that appenders of the context write now; guarded by the context's configuration lock. */
    private static OpenFiles openFiles(LoggerContext context) {
        if (context.getObject(OpenFiles.class.getName()) instanceof OpenFiles files) {
            return files;
        }
        OpenFiles files = new OpenFiles(new HashMap<>());
        context.putObject(OpenFiles.class.getName(), files);
        return files;
    }

    private record OpenFiles(Map<Path, Appender<ILoggingEvent>> appenders) {
        boolean hold(Path file) {
            appenders.values().removeIf(appender -> !appender.isStarted());
            return appenders.containsKey(file);
        }
    }

    /** {@code service.log} of the appender b is {@code service-b.log}. */
    private static Path beside(Path file, String name) {
        String text = file.getFileName().toString();
        int dot = text.lastIndexOf('.');
        String safe = "-" + name.replaceAll("[^A-Za-z0-9_.-]", "_");
        return file.resolveSibling(dot > 0 ? text.substring(0, dot) + safe + text.substring(dot) : text + safe);
    }

    private static void start(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, String name, LoggerConfig config) {
        ThresholdFilter filter = new ThresholdFilter();
        filter.setLevel(level(config.level()).toString());
        filter.start();
        Encoder<ILoggingEvent> encoder = config.format() == LoggerConfig.Format.JSON ? json() : text(context);
        encoder.setContext(context);
        encoder.start();
        appender.setContext(context);
        appender.setName(name);
        appender.addFilter(filter);
        appender.setEncoder(encoder);
        appender.start();
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithContext(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        TextLayout layout = new TextLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        encoder.setCharset(StandardCharsets.UTF_8);
        return encoder;
    }
}
