package io.openedge.config;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * {@code 2026-01-31T12:00:00.000Z INFO  [thread] logger - message}. Further lines of a message are indented, so that what a
 * client sends cannot look like an entry of its own. Immutable; any thread.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {
    private static final int LEVEL_WIDTH = 5;

    private final DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel());
        line.append(
                " ".repeat(Math.max(0, LEVEL_WIDTH - event.getLevel().toString().length())));
        line.append(" [").append(event.getThreadName()).append("] ");
        line.append(event.getLoggerName()).append(" - ");
        line.append(indented(String.valueOf(event.getFormattedMessage()))).append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append('\t')
                    .append(indented(ThrowableProxyUtil.asString(thrown).stripTrailing()))
                    .append('\n');
        }
        return line.toString();
    }

    private static String indented(String text) {
        boolean one = text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        return one ? text : text.replaceAll("\\r\\n?|\\n", "\n\t");
    }
}
