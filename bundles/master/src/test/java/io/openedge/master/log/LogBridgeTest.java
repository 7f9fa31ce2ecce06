package io.openedge.master.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.slf4j.LoggerFactory;

/** What OSGi components log. */
public class LogBridgeTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("osgi.org.example");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @Before
    public void listen() {
        lines.start();
        log.setLevel(Level.DEBUG);
        log.addAppender(lines);
    }

    @After
    public void stop() {
        log.setLevel(null);
        log.detachAppender(lines);
    }

    @Test
    public void anEntryKeepsBundleLevelAndCause() {
        LogBridge.forward(entry("org.example.Thing", LogLevel.WARN, "odd", new IllegalStateException("why")));

        ILoggingEvent line = lines.list.get(0);
        assertThat(line.getLevel()).isEqualTo(Level.WARN);
        assertThat(line.getFormattedMessage()).isEqualTo("odd");
        assertThat(line.getThrowableProxy().getMessage()).isEqualTo("why");
    }

    @Test
    public void eventsOfBundlesAreForDebuggingOnly() {
        LogBridge.forward(entry("Events.Bundle", LogLevel.INFO, "BundleEvent STARTED", null));
        LogBridge.forward(entry("Events.Framework", LogLevel.ERROR, "FrameworkEvent ERROR", null));

        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.DEBUG, Level.ERROR);
    }

    @Test
    public void anEntryWithoutALoggerIsAnEntry() {
        Bundle bundle = proxy(Bundle.class, Map.of("getSymbolicName", "org.example"));
        LogBridge.forward(proxy(
                LogEntry.class, Map.of("getLogLevel", LogLevel.INFO, "getMessage", "hello", "getBundle", bundle)));

        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
    }

    private static LogEntry entry(String logger, LogLevel level, String message, Throwable cause) {
        Bundle bundle = proxy(Bundle.class, Map.of("getSymbolicName", "org.example"));
        Map<String, Object> answers =
                Map.of("getLoggerName", logger, "getLogLevel", level, "getMessage", message, "getBundle", bundle);
        return (LogEntry) Proxy.newProxyInstance(
                LogEntry.class.getClassLoader(),
                new Class<?>[] {LogEntry.class},
                (proxy, method, args) ->
                        method.getName().equals("getException") ? cause : answers.get(method.getName()));
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.get(method.getName())));
    }
}
