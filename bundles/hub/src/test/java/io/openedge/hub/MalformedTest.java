package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Bytes that are no MQTT close their own connection, at once, and touch nobody else. */
public class MalformedTest {
    @Rule
    public final HubFixture hub =
            new HubFixture(HubFixture.config(), HubFixture.limits(Duration.ofSeconds(1), 1000, 1000, 10, 1000));

    private RawClient witness;

    @Before
    public void aWitnessIsConnected() throws IOException {
        witness = hub.client("witness");
        witness.subscribe(0, "#");
    }

    @After
    public void theWitnessIsServedAndHeardNothing() throws IOException {
        witness.expectNothing();
    }

    private void closedAfterConnect(byte[] bytes) throws IOException {
        RawClient client = hub.client("");
        client.send(bytes);
        client.expectClosed();
    }

    private void closedBeforeConnect(byte[] bytes) throws IOException {
        RawClient client = hub.open();
        client.send(bytes);
        client.expectClosed();
    }

    @Test
    public void the_first_packet_must_be_connect() throws IOException {
        closedBeforeConnect(Packets.PINGREQ);
        closedBeforeConnect(Packets.publish("t", new byte[1], 0, false, 0));
        closedBeforeConnect(Packets.subscribe(1, 0, "t"));
        closedBeforeConnect("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    public void no_connect_in_time_closes() throws IOException {
        long start = System.nanoTime();
        hub.open().expectClosed();
        RawClient slow = hub.open();
        slow.send(new byte[] {0x10, 0x20, 0});
        slow.expectClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1800), Duration.ofSeconds(6));
    }

    @Test
    public void a_huge_length_before_connect_is_refused_at_its_length_bytes() throws IOException {
        closedBeforeConnect(new byte[] {0x10, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});
        closedBeforeConnect(new byte[] {0x10, (byte) 0x81, (byte) 0x80, 0x01});
    }

    @Test
    public void a_length_of_five_bytes_is_refused_at_its_fourth() throws IOException {
        closedBeforeConnect(new byte[] {0x10, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80});
        closedAfterConnect(new byte[] {0x30, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1});
    }

    @Test
    public void a_packet_longer_than_allowed_is_refused_at_its_length_bytes() throws IOException {
        closedAfterConnect(new byte[] {0x30, (byte) 0x81, (byte) 0x80, 0x04});
    }

    @Test
    public void the_longest_packet_allowed_passes() throws IOException {
        RawClient client = hub.client("big");
        client.send(Packets.publish("$".replace('$', 't'), new byte[64 * 1024 - 3], 0, false, 0));
        client.expectNothing();
        assertThat(witness.message().payload()).hasSize(64 * 1024 - 3);
    }

    @Test
    public void a_connack_from_a_client_closes() throws IOException {
        closedAfterConnect(new byte[] {0x20, 2, 0, 0});
        closedBeforeConnect(new byte[] {0x20, 2, 0, 0});
    }

    @Test
    public void packets_that_only_a_server_sends_are_refused() throws IOException {
        closedAfterConnect(new byte[] {(byte) 0x90, 3, 0, 1, 0});
        closedAfterConnect(new byte[] {(byte) 0xB0, 2, 0, 1});
        closedAfterConnect(new byte[] {(byte) 0xD0, 0});
    }

    @Test
    public void reserved_types_and_wrong_flags_are_refused() throws IOException {
        closedAfterConnect(new byte[] {0, 0});
        closedAfterConnect(new byte[] {(byte) 0xF0, 0});
        closedAfterConnect(new byte[] {(byte) 0xC1, 0});
        closedAfterConnect(
                Packets.packet(0x80, new Body().u16(1).text("t").u8(0).bytes()));
        closedBeforeConnect(Packets.packet(0x11, new byte[12]));
    }

    @Test
    public void a_second_connect_closes() throws IOException {
        closedAfterConnect(new Connect("again").bytes());
    }

    @Test
    public void a_subscribe_cut_before_its_qos_closes_and_does_not_eat_the_next_packet() throws IOException {
        RawClient client = hub.client("");
        byte[] cut = Packets.packet(0x82, new Body().u16(1).text("t").bytes());
        client.send(new Body().raw(cut).raw(Packets.PINGREQ).bytes());
        client.expectClosed();
    }

    @Test
    public void a_connect_cut_at_any_place_closes() throws IOException {
        byte[] whole = new Connect("c").will("w", "x", 1, true).bytes();
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] body = new byte[length];
            System.arraycopy(whole, 2, body, 0, length);
            closedBeforeConnect(Packets.packet(0x10, body));
        }
    }

    @Test
    public void packets_without_a_body_that_have_one_close() throws IOException {
        closedAfterConnect(new byte[] {(byte) 0xC0, 1, 0});
        closedAfterConnect(new byte[] {(byte) 0xE0, 1, 0});
    }

    @Test
    public void packets_cut_at_any_place_close() throws IOException {
        List<byte[]> packets = List.of(
                Packets.subscribe(1, 1, "a/b", "c"),
                Packets.unsubscribe(1, "a/b"),
                Packets.publish("a/b", new byte[0], 1, false, 9),
                Packets.publish("a/b", new byte[0], 2, false, 9),
                Packets.puback(5),
                Packets.pubrec(5),
                Packets.pubrel(5),
                Packets.pubcomp(5));
        for (byte[] packet : packets) {
            for (int length = 0; length < packet.length - 2; length++) {
                byte[] body = new byte[length];
                System.arraycopy(packet, 2, body, 0, length);
                if (packet[0] == (byte) 0x82 && length == 8 || (packet[0] & 0xf0) == 0x30 && length > 8) {
                    continue; // a whole packet with one filter less, a whole packet with a shorter payload
                }
                closedAfterConnect(Packets.packet(packet[0] & 0xff, body));
            }
        }
    }

    @Test
    public void subscribe_and_unsubscribe_without_a_filter_close() throws IOException {
        closedAfterConnect(Packets.packet(0x82, new Body().u16(1).bytes()));
        closedAfterConnect(Packets.packet(0xA2, new Body().u16(1).bytes()));
    }

    @Test
    public void packet_id_0_closes() throws IOException {
        closedAfterConnect(Packets.subscribe(0, 0, "t"));
        closedAfterConnect(Packets.publish("t", new byte[1], 1, false, 0));
        closedAfterConnect(Packets.publish("t", new byte[1], 2, false, 0));
        closedAfterConnect(Packets.puback(0));
        closedAfterConnect(Packets.pubrec(0));
        closedAfterConnect(Packets.pubrel(0));
        closedAfterConnect(Packets.pubcomp(0));
    }

    @Test
    public void qos_3_closes() throws IOException {
        closedAfterConnect(Packets.publish("t", new byte[1], 3, false, 1));
        closedAfterConnect(Packets.subscribe(1, 3, "t"));
    }

    @Test
    public void reserved_bits_beside_the_qos_of_a_filter_close() throws IOException {
        for (int bit = 2; bit < 8; bit++) {
            closedAfterConnect(Packets.subscribe(1, 1 << bit | 1, "t"));
            closedAfterConnect(Packets.packet(
                    0x82,
                    new Body()
                            .u16(1)
                            .text("a".repeat(200))
                            .u8(1)
                            .text("t")
                            .u8(1 << bit)
                            .bytes()));
        }
    }

    @Test
    public void a_topic_that_is_no_utf_8_or_holds_u_0000_reaches_nobody() throws IOException {
        byte[][] wrong = {
            {(byte) 0xff},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {'a', (byte) 0xc3},
            {'a', 0, 'b'}
        };
        for (byte[] topic : wrong) {
            closedAfterConnect(Packets.packet(
                    0x30, new Body().u16(topic.length).raw(topic).u8(1).bytes()));
            RawClient client = hub.client("");
            client.send(Packets.packet(
                    0x82, new Body().u16(1).u16(topic.length).raw(topic).u8(0).bytes()));
            refusedOrClosed(client);
        }
    }

    private static void refusedOrClosed(RawClient client) throws IOException {
        try {
            assertThat(client.expect(9).body()[2]).isEqualTo((byte) 0x80);
        } catch (java.io.EOFException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void a_will_on_a_topic_that_is_none_closes() throws IOException {
        closedBeforeConnect(new Connect("c").will("a/+", "x", 0, false).bytes());
        closedBeforeConnect(
                withoutUtf8(new Connect("c").will("Z", "x", 0, false).bytes()));
        closedBeforeConnect(new Connect("c").will("t", "x", 3, false).bytes());
    }

    private static byte[] withoutUtf8(byte[] packet) {
        for (int i = 0; i < packet.length; i++) {
            packet[i] = packet[i] == 'Z' ? (byte) 0xff : packet[i];
        }
        return packet;
    }

    @Test
    public void an_empty_topic_closes() throws IOException {
        closedAfterPublish("");
    }

    @Test
    public void a_wildcard_in_a_publish_closes() throws IOException {
        closedAfterPublish("a/+", "+", "+/a", "a+", "#", "a/#", "a/#/b", "a#");
    }

    @Test
    public void a_topic_that_is_too_long_or_too_deep_closes() throws IOException {
        closedAfterPublish("x".repeat(256), "/".repeat(9), "/".repeat(65_000));
    }

    private void closedAfterPublish(String... topics) throws IOException {
        for (String topic : topics) {
            for (int qos = 0; qos <= 2; qos++) {
                closedAfterConnect(Packets.publish(topic, new byte[1], qos, false, 1));
            }
        }
    }

    @Test
    public void a_filter_of_65_000_slashes_is_refused() throws IOException {
        RawClient client = hub.client("");
        assertThat(client.subscribe(0, "/".repeat(65_000))).isEqualTo(0x80);
        client.send(Packets.unsubscribe(2, "/".repeat(65_000)));
        client.expect(11, 2);
    }

    @Test
    public void a_share_without_a_filter_is_refused() throws IOException {
        RawClient client = hub.client("");
        for (String filter : new String[] {"$share", "$share/", "$share/g", "$share/g/", "$share//t", "$share/+/t"}) {
            assertThat(client.subscribe(0, filter)).as(filter).isEqualTo(0x80);
        }
        client.expectNothing();
    }

    @Test(timeout = 20_000)
    public void ten_thousand_filters_in_one_subscribe_are_served() throws IOException {
        RawClient client = hub.client("");
        String[] filters = new String[10_000];
        for (int i = 0; i < filters.length; i++) {
            filters[i] = String.valueOf((char) (0x100 + i)); // the shortest that there are so many of
        }
        client.send(Packets.subscribe(1, 0, filters));
        assertThat(client.expect(9).body()).hasSize(10_002).doesNotContain(0x80);
        witness.publish(filters[9_999], "x");
        assertThat(client.message().topic()).isEqualTo(filters[9_999]);
        assertThat(witness.message().topic()).isEqualTo(filters[9_999]);
    }

    @Test
    public void random_bytes_never_stop_the_hub() throws IOException {
        Random random = new Random(99);
        List<RawClient> clients = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            RawClient client = round % 2 == 0 ? hub.open() : hub.client(new Connect("").user("few", "pass"));
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            client.send(bytes);
            clients.add(client);
        }
        for (RawClient client : clients) {
            client.close();
        }
        assertThat(hub.client("after").subscribe(0, "t")).isZero();
    }
}
