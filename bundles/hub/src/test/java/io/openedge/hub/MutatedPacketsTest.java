package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.session.Memory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/**
 * Packets changed at random, whole conversations at a time. The hub never faults, serves others meanwhile and keeps
 * nothing. The property {@code openedge.rounds} multiplies the number.
 */
public class MutatedPacketsTest {
    private static final int CONVERSATIONS = 400 * Integer.getInteger("openedge.rounds", 1);
    private static final int PACKETS = 25;

    @Rule
    public final HubFixture hub = new HubFixture();

    private final Random random = new Random(1883);

    private byte[] packet() {
        int id = random.nextInt(4);
        return switch (random.nextInt(9)) {
            case 0 ->
                Packets.publish("a/b", new byte[random.nextInt(200)], random.nextInt(2), random.nextBoolean(), id);
            case 1 -> Packets.subscribe(id, random.nextInt(3), "a/+", "b/#");
            case 2 -> Packets.unsubscribe(id, "a/+");
            case 3 -> Packets.puback(id);
            case 4 -> Packets.PINGREQ;
            case 5 -> Packets.packet(random.nextInt(256), new Body().u16(id).bytes());
            case 6 -> new Connect("again").bytes();
            case 7 -> Packets.publish("a/\u00fc/\u20ac", new byte[1], 1, true, 1);
            default -> Packets.subscribe(1, 1, "+/+/#", "#", "$x/#");
        };
    }

    /** Most packets stay whole, or nobody would get beyond the first. */
    private byte[] mutated(byte[] packet) {
        byte[] bytes = packet.clone();
        if (random.nextInt(4) == 0) {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private byte[] conversation() {
        Connect connect = new Connect(random.nextBoolean() ? "" : "c" + random.nextInt(5)).keepAlive(random.nextInt(3));
        if (random.nextBoolean()) {
            connect.will("a/will", "gone", random.nextInt(2), random.nextBoolean());
        }
        Body all = new Body().raw(random.nextInt(5) == 0 ? mutated(connect.bytes()) : connect.bytes());
        for (int i = 0; i < PACKETS; i++) {
            all.raw(mutated(packet()));
        }
        return all.bytes();
    }

    @Test
    public void nobodyFaultsNothingStays() throws IOException {
        Logger log = (Logger) LoggerFactory.getLogger("hub-test");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        RawClient bystander = hub.client("bystander");
        bystander.subscribe(1, "own");
        List<RawClient> open = new ArrayList<>();
        for (int round = 1; round <= CONVERSATIONS; round++) {
            RawClient client = hub.open();
            open.add(client);
            try {
                client.send(conversation());
            } catch (IOException closed) {
                assertThat(closed).isNotNull();
            }
            if (round % 100 == 0) {
                for (RawClient each : open) {
                    each.close();
                }
                open.clear();
                bystander.publish("own", "served");
                assertThat(bystander.message().payload()).isEqualTo("served");
            }
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 1);
        log.detachAppender(lines);
        assertThat(List.copyOf(lines.list)).noneMatch(line -> line.getLevel() == Level.ERROR);
        assertThat(hub.server().broker().claims().size()).isEqualTo(1);
        Memory memory = hub.server().broker().memory();
        assertThat(List.of(
                        memory.waiting().used(),
                        memory.passing().used(),
                        memory.receiving().used()))
                .containsOnly(0L);
    }
}
