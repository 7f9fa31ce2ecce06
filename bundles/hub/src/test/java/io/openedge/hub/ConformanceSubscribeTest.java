package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, sections 3.8 to 3.11: SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK. */
public class ConformanceSubscribeTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    private void closed(byte[] packet) throws IOException {
        RawClient client = hub.client("");
        client.send(packet);
        client.expectClosed();
    }

    private static byte[] unsubscribe(int id, String... filters) {
        Body body = new Body().u16(id);
        for (String filter : filters) {
            body.text(filter);
        }
        return Packets.packet(0xA2, body.bytes());
    }

    private static void unsubscribed(RawClient client, String... filters) throws IOException {
        client.send(unsubscribe(5, filters));
        client.expect(11, 5);
    }

    @Test
    public void MQTT_3_8_1_1_flags_of_subscribe_other_than_2_close_the_connection() throws IOException {
        for (int flags : new int[] {0, 1, 3, 6, 10, 15}) {
            closed(Packets.packet(
                    0x80 | flags, new Body().u16(1).text("t").u8(0).bytes()));
        }
    }

    @Test
    public void MQTT_3_8_3_1_a_filter_that_is_no_utf_8_is_not_granted() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.packet(0x82, new Body().u16(1).u16(1).u8(0xff).u8(0).bytes()));
        try {
            assertThat(client.expect(9).body()[2]).isEqualTo((byte) 0x80);
        } catch (java.io.EOFException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void MQTT_3_8_3_3_a_subscribe_without_a_filter_closes_the_connection() throws IOException {
        closed(Packets.packet(0x82, new Body().u16(1).bytes()));
    }

    @Test
    public void MQTT_3_8_3_4_qos_3_and_reserved_bits_close_the_connection() throws IOException {
        for (int options : new int[] {3, 4, 8, 16, 32, 64, 128}) {
            closed(Packets.subscribe(1, options, "t"));
        }
    }

    @Test
    public void MQTT_3_8_4_1_and_2_subscribe_is_answered_with_suback_of_the_same_id() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.subscribe(4711, 1, "t"));
        assertThat(client.expect(9).body()).isEqualTo(new byte[] {4711 >> 8, (byte) 4711, 1});
    }

    @Test
    public void MQTT_3_8_4_3_the_same_filter_again_replaces_the_first_and_brings_the_retained_message_again()
            throws IOException {
        hub.client("p").publishOnce("t", "kept", true, 1);
        RawClient client = hub.client("c");
        client.subscribe(0, "t");
        assertThat(client.message().qos()).isZero();
        client.subscribe(2, "t");
        Published kept = client.message();
        assertThat(kept.qos()).isEqualTo(2);
        assertThat(kept.retain()).isTrue();
        hub.client("p").publishOnce("t", "x", false, 1);
        assertThat(client.message().qos()).isEqualTo(2);
        client.expectNothing();
    }

    @Test
    public void MQTT_3_8_4_4_and_5_many_filters_get_one_suback_with_a_code_each() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.subscribe(1, 1, "a", "b", "c"));
        assertThat(client.expect(9).body()).isEqualTo(new byte[] {0, 1, 1, 1, 1});
        for (String topic : new String[] {"a", "b", "c"}) {
            client.publish(topic, "x");
            assertThat(client.message().topic()).isEqualTo(topic);
        }
    }

    @Test
    public void MQTT_3_8_4_6_deliveries_have_the_lower_qos_of_publish_and_grant() throws IOException {
        RawClient publisher = hub.client("p");
        for (int granted = 0; granted <= 2; granted++) {
            RawClient client = hub.client("c");
            assertThat(client.subscribe(granted, "t")).isEqualTo(granted);
            publisher.publish("t", "x");
            publisher.publishSafely("t", "x", false, 1);
            publisher.publishOnce("t", "x", false, 2);
            publisher.release(2);
            for (int qos = 0; qos <= 2; qos++) {
                assertThat(client.message().qos()).isEqualTo(Math.min(qos, granted));
            }
        }
    }

    @Test
    public void MQTT_3_9_3_1_and_2_codes_come_in_the_order_of_the_filters_and_are_0_1_2_or_0x80() throws IOException {
        RawClient client = hub.client("c");
        Body body = new Body().u16(1);
        body.text("a")
                .u8(2)
                .text("a#")
                .u8(0)
                .text("b")
                .u8(0)
                .text("$SYS/#")
                .u8(1)
                .text("c")
                .u8(1);
        client.send(Packets.packet(0x82, body.bytes()));
        assertThat(client.expect(9).body()).isEqualTo(new byte[] {0, 1, 2, (byte) 0x80, 0, (byte) 0x80, 1});
    }

    @Test
    public void MQTT_3_10_1_1_flags_of_unsubscribe_other_than_2_close_the_connection() throws IOException {
        for (int flags : new int[] {0, 1, 3, 6, 10, 15}) {
            closed(Packets.packet(0xA0 | flags, new Body().u16(1).text("t").bytes()));
        }
    }

    @Test
    public void MQTT_3_10_3_1_a_filter_that_is_no_utf_8_ends_no_subscription() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "\uFFFD");
        client.send(Packets.packet(0xA2, new Body().u16(1).u16(1).u8(0xff).bytes()));
        try {
            client.expect(11, 1);
        } catch (java.io.EOFException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void MQTT_3_10_3_2_an_unsubscribe_without_a_filter_closes_the_connection() throws IOException {
        closed(Packets.packet(0xA2, new Body().u16(1).bytes()));
    }

    @Test
    public void MQTT_3_10_4_1_only_the_very_same_filter_is_removed() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "a/b");
        unsubscribed(client, "a/+", "a/#", "#", "A/b", "a/b/", "a");
        client.publish("a/b", "still");
        assertThat(client.message().payload()).isEqualTo("still");
    }

    @Test
    public void MQTT_3_10_4_2_nothing_new_comes_after_unsubscribe() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(2, "t");
        unsubscribed(client, "t");
        hub.client("p").publishOnce("t", "x", false, 1);
        client.expectNothing();
    }

    @Test
    public void MQTT_3_10_4_3_what_was_begun_is_completed_after_unsubscribe() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        publisher.publishOnce("t", "two", false, 2);
        Published one = client.message();
        Published two = client.message();
        unsubscribed(client, "t");
        client.close();
        RawClient again = hub.client(new Connect("c").persistent());
        assertThat(again.message().id()).isEqualTo(one.id());
        assertThat(again.message().id()).isEqualTo(two.id());
        again.send(Packets.puback(one.id()));
        again.take(two);
        again.expectNothing();
    }

    @Test
    public void MQTT_3_10_4_4_and_5_unsubscribe_is_answered_with_its_id_also_when_there_was_nothing()
            throws IOException {
        RawClient client = hub.client("c");
        client.send(unsubscribe(4711, "never"));
        client.expect(11, 4711);
    }

    @Test
    public void MQTT_3_10_4_6_many_filters_are_removed_with_one_unsuback() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.subscribe(1, 0, "a", "b", "c"));
        client.expect(9);
        unsubscribed(client, "a", "c");
        for (String topic : new String[] {"a", "b", "c"}) {
            client.publish(topic, topic);
        }
        assertThat(client.message().payload()).isEqualTo("b");
        client.expectNothing();
    }
}
