package io.openedge.function.python;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.Test;

/** What the log says of a function that raises again and again. */
public class TracebacksTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nanos;
    private final Tracebacks tracebacks = new Tracebacks(log(), () -> nanos);

    private Logger log() {
        LoggerContext context = new LoggerContext();
        lines.setContext(context);
        lines.start();
        Logger logger = context.getLogger("test");
        logger.addAppender(lines);
        return logger;
    }

    @Test
    public void theSameTracebackIsSaidOnceAMinuteWithItsNumber() {
        for (int i = 0; i < 5; i++) {
            tracebacks.say("ZeroDivisionError {}");
        }
        tracebacks.say("KeyError");
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("ZeroDivisionError {}", "KeyError");

        nanos += Duration.ofMinutes(1).toNanos();
        tracebacks.say("ZeroDivisionError {}");

        assertThat(lines.list.get(2).getFormattedMessage())
                .isEqualTo("4 times more since it was said last: ZeroDivisionError {}");
    }

    @Test
    public void whatWasNotSaidIsSummedUpAtTheEnd() {
        tracebacks.say("KeyError");
        tracebacks.say("KeyError");

        tracebacks.sum();
        tracebacks.sum();

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("KeyError", "errors of functions that were said before came 1 times more");
    }

    @Test
    public void manyDifferentTracebacksAreNotKept() {
        for (int i = 0; i <= 100; i++) {
            tracebacks.say("KeyError " + i);
        }

        tracebacks.say("KeyError 0");
        tracebacks.say("KeyError 100");

        assertThat(lines.list).hasSize(102);
    }
}
