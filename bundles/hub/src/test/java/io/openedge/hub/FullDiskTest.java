package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.hub.Packets.Connect;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.slf4j.LoggerFactory;

/** A disk that is really full. */
public class FullDiskTest {
    private static final int MOST = 1_000;

    private final SmallDisk disk = new SmallDisk();
    private final HubFixture hub = new HubFixture().storedIn(disk.folder());

    @Rule
    public final RuleChain both = RuleChain.outerRule(disk).around(hub);

    private static byte[] publish(int number, int id) {
        byte[] payload = (number + ":" + "x".repeat(8_000)).getBytes(StandardCharsets.UTF_8);
        return Packets.publish("t", payload, 1, false, id);
    }

    /** Publishes until the hub closes; answers how many it acknowledged. */
    private int fill() throws IOException {
        RawClient publisher = hub.client("publisher");
        for (int number = 0; number < MOST; number++) {
            try {
                publisher.send(publish(number, number + 1));
                publisher.expect(4, number + 1);
            } catch (EOFException | SocketException closed) {
                return number;
            }
        }
        throw new AssertionError("the disk does not fill");
    }

    private boolean failing() {
        return hub.server().broker().journal().failing();
    }

    @Test
    public void nothing_is_acknowledged_nothing_is_lost_and_space_brings_the_service_back() throws IOException {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger("hub-test");
        said.start();
        log.addAppender(said);
        try {
            RawClient absent = hub.client(new Connect("absent").persistent());
            assertThat(absent.subscribe(1, "t")).isEqualTo(1);
            absent.send(Packets.DISCONNECT);
            absent.expectClosed();
            int acknowledged = fill();
            assertThat(acknowledged).isGreaterThan(50);
            assertThat(failing()).isTrue();
            qosZeroGoesOn();
            assertThat(errors(said))
                    .anyMatch(text -> text.contains("cannot be written") && text.contains("No space left"));
            disk.grow();
            await().atMost(Duration.ofSeconds(10)).until(() -> !failing());
            RawClient publisher = hub.client("publisher");
            publisher.send(publish(MOST, 1));
            publisher.expect(4, 1);
            has(acknowledged);
        } finally {
            log.detachAppender(said);
        }
    }

    private void qosZeroGoesOn() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        assertThat(subscriber.subscribe(0, "zero")).isZero();
        hub.client("other").publish("zero", "goes on");
        assertThat(subscriber.message().payload()).isEqualTo("goes on");
    }

    private static List<String> errors(ListAppender<ILoggingEvent> said) {
        return said.list.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** After a start the absent client gets what was acknowledged, and nothing else. */
    private void has(int acknowledged) throws IOException {
        hub.restart();
        RawClient absent = hub.client(new Connect("absent").persistent());
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i <= acknowledged; i++) {
            RawClient.Published message = absent.message();
            absent.send(Packets.puback(message.id()));
            numbers.add(Integer.parseInt(
                    message.payload().substring(0, message.payload().indexOf(':'))));
        }
        absent.expectNothing();
        for (int i = 0; i < acknowledged; i++) {
            assertThat(numbers.get(i)).isEqualTo(i);
        }
        assertThat(numbers.get(acknowledged)).isEqualTo(MOST);
    }
}
