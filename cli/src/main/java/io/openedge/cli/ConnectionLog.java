package io.openedge.cli;

import java.util.function.Consumer;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Hears what a connection logs of its state: a warning is a failure, of which a command makes no second try. Thread rule:
 * any thread.
 */
final class ConnectionLog extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;
    private static final String HOPE = "; it is tried again";

    private final transient Consumer<String> all;
    private final transient Consumer<String> failures;

    /**
     * @param all hears every sentence
     * @param failures hears those that tell of a failure
     */
    ConnectionLog(Consumer<String> all, Consumer<String> failures) {
        this.all = all;
        this.failures = failures;
        this.name = "connection";
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return ConnectionLog.class.getName();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        String sentence = MessageFormatter.basicArrayFormat(pattern, arguments);
        all.accept(sentence);
        if (level.toInt() >= Level.WARN.toInt()) {
            failures.accept(
                    sentence.endsWith(HOPE) ? sentence.substring(0, sentence.length() - HOPE.length()) : sentence);
        }
    }
}
