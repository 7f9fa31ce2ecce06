package io.openedge.master.log;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is logged through OSGi's log service into the gateway's log, as {@code osgi.BUNDLE}. That bundles and services
 * come and go is for debugging only. Any thread.
 */
@Component(
        immediate = true,
        service = {})
public final class LogBridge {
    private static final String EVENTS = "Events.";

    private final LogReaderService reader;
    private final LogListener listener = LogBridge::forward;

    @Activate
    public LogBridge(@Reference LogReaderService reader) {
        this.reader = reader;
        reader.addLogListener(listener);
    }

    @Deactivate
    void close() {
        reader.removeLogListener(listener);
    }

    static void forward(LogEntry entry) {
        String bundle =
                entry.getBundle() == null ? "framework" : entry.getBundle().getSymbolicName();
        Logger log = LoggerFactory.getLogger("osgi." + bundle);
        String message = entry.getMessage();
        Throwable problem = entry.getException();
        // each step of each bundle and service comes as an event at info, whatever level is set
        boolean event = entry.getLoggerName() != null && entry.getLoggerName().startsWith(EVENTS);
        LogLevel level = entry.getLogLevel();
        switch (event && level == LogLevel.INFO ? LogLevel.DEBUG : level) {
            case AUDIT, ERROR -> log.error(message, problem);
            case WARN -> log.warn(message, problem);
            case INFO -> log.info(message, problem);
            case DEBUG -> log.debug(message, problem);
            case TRACE -> log.trace(message, problem);
        }
    }
}
