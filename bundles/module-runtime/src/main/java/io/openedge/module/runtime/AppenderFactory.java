package io.openedge.module.runtime;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.openedge.config.LoggerConfig;
import java.nio.file.Path;

/** Makes a started appender for a {@code logger:} section. */
@FunctionalInterface
interface AppenderFactory {
    Appender<ILoggingEvent> create(LoggerContext logging, String name, LoggerConfig section, Path directory);
}
