package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.mqtt.MqttVersion;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Before;
import org.junit.Test;

/** A broker that is away for a night does not fill the log. */
public class StateLogTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong now = new AtomicLong();
    private final Logger logger = new LoggerContext().getLogger("test");
    private boolean stopping;
    private final StateLog log = new StateLog(logger, "tcp://hub:1883", now::get, () -> stopping);

    @Before
    public void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @Test
    public void theSameReasonIsSaidOnceAMinute() {
        for (int second = 0; second < 150; second++) {
            log.failed("connection refused");
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(lines.list).hasSize(3);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("tcp://hub:1883", "connection refused");
    }

    @Test
    public void aBrokerThatStopsTogetherWithItsClientIsNoWarning() {
        log.connected(MqttVersion.V3_1_1, "", OptionalLong.empty());
        stopping = true;
        log.lost("the broker closed the connection");
        log.failed("connection refused");

        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.INFO, Level.DEBUG, Level.DEBUG);
    }

    @Test
    public void anotherReasonOrAConnectionInBetweenIsNews() {
        log.failed("connection refused");
        log.failed("not authorised");
        log.connected(MqttVersion.V3_1_1, "", OptionalLong.empty());
        log.failed("not authorised");

        assertThat(lines.list).hasSize(4);
    }
}
