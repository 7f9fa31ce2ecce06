package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Packet;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, chapters 1 and 2: texts, flags and packet ids. */
public class ConformanceFormatTest {
    private static final byte[][] NO_UTF8 = {
        {(byte) 0xff}, {'a', (byte) 0xc3}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
    };

    @Rule
    public final HubFixture hub = new HubFixture();

    private void closed(byte[] packet) throws IOException {
        RawClient client = hub.client("");
        client.send(packet);
        client.expectClosed();
    }

    private static byte[] publish(byte[] topic) {
        return Packets.packet(0x30, new Body().u16(topic.length).raw(topic).bytes());
    }

    @Test
    public void MQTT_1_5_3_1_text_that_is_no_utf_8_closes_the_connection() throws IOException {
        for (byte[] text : NO_UTF8) {
            closed(publish(text));
        }
    }

    @Test
    public void MQTT_1_5_3_2_u_0000_in_a_text_closes_the_connection() throws IOException {
        closed(publish(new byte[] {'a', 0, 'b'}));
    }

    @Test
    public void MQTT_1_5_3_3_u_feff_stays_part_of_the_text() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "\uFEFFt");
        client.subscribe(0, "t");
        client.publish("\uFEFFt", "x");
        assertThat(client.message().topic()).isEqualTo("\uFEFFt");
        client.expectNothing();
    }

    @Test
    public void MQTT_2_2_2_1_reserved_flags_of_what_the_hub_sends_are_as_the_table_says() throws IOException {
        RawClient client = hub.open();
        assertThat(client.connect(new Connect("c")).head()).isEqualTo(0x20);
        client.send(Packets.subscribe(1, 2, "t"));
        assertThat(client.expect(9).head()).isEqualTo(0x90);
        client.send(Packets.publish("other", new byte[1], 1, false, 1));
        assertThat(client.expect(4).head()).isEqualTo(0x40);
        client.send(Packets.publish("t", new byte[1], 2, false, 2));
        Published message = client.message();
        assertThat(client.expect(RawClient.PUBREC).head()).isEqualTo(0x50);
        client.send(Packets.pubrel(2));
        assertThat(client.expect(RawClient.PUBCOMP).head()).isEqualTo(0x70);
        client.send(Packets.pubrec(message.id()));
        assertThat(client.expect(RawClient.PUBREL).head()).isEqualTo(0x62);
        client.send(Packets.unsubscribe(3, "t"));
        assertThat(client.expect(11).head()).isEqualTo(0xB0);
        client.send(Packets.PINGREQ);
        assertThat(client.expect(13).head()).isEqualTo(0xD0);
    }

    @Test
    public void MQTT_2_2_2_2_wrong_flags_close_the_connection() throws IOException {
        byte[] id = {0, 1};
        byte[] filter = new Body().u16(1).text("t").bytes();
        byte[] wish = new Body().u16(1).text("t").u8(0).bytes();
        for (int flags = 0; flags < 16; flags++) {
            if (flags != 0) {
                for (int type : new int[] {0x40, 0x50, 0x70}) {
                    closed(Packets.packet(type | flags, id));
                }
                closed(Packets.packet(0xC0 | flags, new byte[0]));
                closed(Packets.packet(0xE0 | flags, new byte[0]));
            }
            if (flags != 2) {
                closed(Packets.packet(0x60 | flags, id));
                closed(Packets.packet(0x80 | flags, wish));
                closed(Packets.packet(0xA0 | flags, filter));
            }
        }
    }

    /** MQTT 3.1, paragraph 2.1: what asks for an answer may come again, with DUP. MQTT 3.1.1 closes, see above. */
    @Test
    public void of_mqtt_3_1_pubrel_subscribe_and_unsubscribe_may_have_dup_and_no_other_flag() throws IOException {
        RawClient client = hub.client(new Connect("old").version(3));
        client.send(Packets.again(Packets.subscribe(1, 1, "t")));
        assertThat(client.expect(9).body()).isEqualTo(new byte[] {0, 1, 1});
        client.publishOnce("other", "x", false, 2);
        client.send(Packets.again(Packets.pubrel(2)));
        client.expect(RawClient.PUBCOMP, 2);
        client.publish("t", "y");
        assertThat(client.message().payload()).isEqualTo("y");
        client.send(Packets.again(Packets.unsubscribe(3, "t")));
        client.expect(11, 3);
        client.publish("t", "gone");
        client.expectNothing();
        for (byte[] request :
                new byte[][] {Packets.pubrel(2), Packets.subscribe(1, 0, "t"), Packets.unsubscribe(3, "t")}) {
            for (int flags : new int[] {0, 1, 3, 4, 6, 8, 9, 11, 14}) {
                request[0] = (byte) (request[0] & 0xf0 | flags);
                RawClient other = hub.client(new Connect("other").version(3));
                other.send(request);
                other.expectClosed();
            }
        }
    }

    @Test
    public void MQTT_2_3_1_1_packet_id_0_closes_the_connection() throws IOException {
        closed(Packets.subscribe(0, 0, "t"));
        closed(Packets.unsubscribe(0, "t"));
        closed(Packets.publish("t", new byte[1], 1, false, 0));
        closed(Packets.publish("t", new byte[1], 2, false, 0));
    }

    @Test
    public void MQTT_2_3_1_4_the_hub_gives_ids_that_are_not_in_use() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(2, "t");
        RawClient publisher = hub.client("publisher");
        Set<Integer> ids = new HashSet<>();
        for (int i = 1; i <= 40; i++) {
            if (i % 2 == 0) {
                publisher.publishOnce("t", "x", false, i);
            } else {
                publisher.publishSafely("t", "x", false, i);
            }
            int id = client.message().id();
            assertThat(id).isNotZero();
            assertThat(ids.add(id)).isTrue();
        }
    }

    @Test
    public void MQTT_2_3_1_5_a_publish_of_qos_0_has_no_packet_id() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "t");
        client.publish("t", "x");
        assertThat(client.expect(3).body()).isEqualTo(new byte[] {0, 1, 't', 'x'});
    }

    @Test
    public void MQTT_2_3_1_6_acknowledgements_bear_the_id_of_the_publish() throws IOException {
        RawClient client = hub.client("c");
        client.publishSafely("t", "x", false, 0x1234);
        client.publishOnce("t", "x", false, 0x4321);
        client.release(0x4321);
    }

    @Test
    public void MQTT_2_3_1_7_suback_and_unsuback_bear_the_id_of_the_request() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.subscribe(0xABCD, 0, "t"));
        Packet subAck = client.expect(9);
        assertThat(subAck.body()).isEqualTo(new byte[] {(byte) 0xAB, (byte) 0xCD, 0});
        client.send(Packets.unsubscribe(0xDCBA, "t"));
        client.expect(11, 0xDCBA);
    }
}
