package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, sections 3.1, 3.2 and 3.12: CONNECT, CONNACK, PINGREQ. */
public class ConformanceConnectTest {
    private static final int USER = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int CLEAN = 0x02;
    private static final int WILL = 0x04;

    @Rule
    public final HubFixture hub = new HubFixture();

    /** Flags and the texts of the payload, whether they fit or not. */
    private static byte[] connect(String protocol, int level, int flags, String... payload) {
        Body body = new Body().text(protocol).u8(level).u8(flags).u16(0);
        for (String text : payload) {
            body.text(text);
        }
        return Packets.packet(0x10, body.bytes());
    }

    private void closed(byte[] connect) throws IOException {
        RawClient client = hub.open();
        client.send(connect);
        client.expectClosed();
    }

    private void answered(int flags, int code, byte[] connect) throws IOException {
        RawClient client = hub.open();
        client.send(connect);
        assertThat(client.expect(2).body()).isEqualTo(new byte[] {(byte) flags, (byte) code});
        if (code != 0) {
            client.expectClosed();
        }
    }

    private RawClient watcher(String filter) throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(2, filter);
        return watcher;
    }

    @Test
    public void MQTT_3_1_0_1_the_first_packet_must_be_connect() throws IOException {
        closed(Packets.PINGREQ);
        closed(Packets.publish("t", new byte[1], 2, false, 1));
    }

    @Test
    public void MQTT_3_1_0_2_a_second_connect_closes_the_connection() throws IOException {
        RawClient client = hub.client("c");
        client.send(new Connect("c").bytes());
        client.expectClosed();
    }

    @Test
    public void MQTT_3_1_2_1_another_protocol_name_is_not_served() throws IOException {
        for (String name : new String[] {"MQTU", "mqtt", "", "MQTTX"}) {
            RawClient client = hub.open();
            client.send(connect(name, 4, USER | PASSWORD | CLEAN, "c", "test", "hahaha"));
            notLetIn(client);
        }
    }

    private static void notLetIn(RawClient client) throws IOException {
        try {
            assertThat(client.expect(2).body()[1]).isEqualTo((byte) 1);
        } catch (java.io.EOFException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void MQTT_3_1_2_2_another_protocol_level_is_answered_with_1_and_closed() throws IOException {
        for (int level : new int[] {0, 1, 2, 6, 127}) {
            answered(0, 1, connect("MQTT", level, USER | PASSWORD | CLEAN, "c", "test", "hahaha"));
        }
    }

    @Test
    public void MQTT_3_1_2_3_the_reserved_flag_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | PASSWORD | CLEAN | 1, "c", "test", "hahaha"));
    }

    @Test
    public void MQTT_3_1_2_4_a_session_that_is_not_clean_is_resumed_or_made() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        client.close();
        RawClient again = hub.client(new Connect("c").persistent());
        hub.client("p").publishSafely("t", "x", false, 1);
        assertThat(again.message().payload()).isEqualTo("x");
    }

    @Test
    public void MQTT_3_1_2_5_messages_of_qos_1_and_2_are_kept_for_an_absent_client() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(2, "t");
        client.send(Packets.DISCONNECT);
        client.expectClosed();
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        publisher.publishOnce("t", "two", false, 2);
        RawClient again = hub.client(new Connect("c").persistent());
        assertThat(again.message().qos()).isEqualTo(1);
        assertThat(again.message().qos()).isEqualTo(2);
    }

    @Test
    public void MQTT_3_1_2_6_a_clean_session_starts_anew_and_ends_with_the_connection() throws IOException {
        hub.client(new Connect("c").persistent()).subscribe(1, "t");
        RawClient clean = hub.client("c");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "x", false, 1);
        clean.expectNothing();
        clean.subscribe(1, "t");
        RawClient after = hub.client(new Connect("c").persistent());
        publisher.publishSafely("t", "x", false, 2);
        after.expectNothing();
    }

    @Test
    public void MQTT_3_1_2_7_retained_messages_outlive_the_session_that_published_them() throws IOException {
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "kept", true, 1);
        publisher.send(Packets.DISCONNECT);
        publisher.expectClosed();
        assertThat(watcher("t").message().payload()).isEqualTo("kept");
    }

    @Test
    public void MQTT_3_1_2_18_a_username_without_its_flag_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, CLEAN, "c", "test"));
    }

    @Test
    public void MQTT_3_1_2_19_a_username_flag_without_a_username_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | CLEAN, "c"));
    }

    @Test
    public void MQTT_3_1_2_20_a_password_without_its_flag_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | CLEAN, "c", "test", "hahaha"));
    }

    @Test
    public void MQTT_3_1_2_21_a_password_flag_without_a_password_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | PASSWORD | CLEAN, "c", "test"));
    }

    @Test
    public void MQTT_3_1_2_22_a_password_without_a_username_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, PASSWORD | CLEAN, "c", "hahaha"));
    }

    @Test
    public void MQTT_3_1_2_24_silence_of_one_and_a_half_keep_alives_closes_the_connection() throws IOException {
        long start = System.nanoTime();
        hub.client(new Connect("c").keepAlive(1)).expectClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1400), Duration.ofSeconds(4));
    }

    @Test
    public void MQTT_3_1_3_1_the_payload_is_client_id_will_topic_will_message_username_password() throws IOException {
        RawClient watcher = watcher("wills");
        RawClient client = hub.open();
        client.send(connect("MQTT", 4, USER | PASSWORD | CLEAN | WILL, "c", "wills", "gone", "test", "hahaha"));
        assertThat(client.expect(2).body()[1]).isZero();
        client.close();
        assertThat(watcher.message().payload()).isEqualTo("gone");
    }

    @Test
    public void MQTT_3_1_3_2_the_client_id_says_whose_session_it_is() throws IOException {
        hub.client(new Connect("a").persistent()).subscribe(1, "t");
        RawClient other = hub.client(new Connect("b").persistent());
        hub.client("p").publishSafely("t", "for a", false, 1);
        other.expectNothing();
        assertThat(hub.client(new Connect("a").persistent()).message().payload())
                .isEqualTo("for a");
    }

    @Test
    public void MQTT_3_1_3_3_a_connect_without_client_id_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, CLEAN));
    }

    @Test
    public void MQTT_3_1_3_4_a_client_id_that_is_no_utf_8_is_not_let_in() throws IOException {
        byte[] body =
                new Body().text("MQTT").u8(4).u8(CLEAN).u16(0).u16(1).u8(0xff).bytes();
        RawClient client = hub.open();
        client.send(Packets.packet(0x10, body));
        try {
            assertThat(client.expect(2).body()[1]).isEqualTo((byte) 2);
        } catch (java.io.EOFException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void MQTT_3_1_3_5_client_ids_of_1_to_23_letters_and_digits_are_allowed() throws IOException {
        for (String id :
                new String[] {"0", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ0123456"}) {
            answered(0, 0, new Connect(id).bytes());
        }
    }

    @Test
    public void MQTT_3_1_3_6_an_empty_client_id_gets_one_of_its_own() throws IOException {
        RawClient one = hub.client("");
        RawClient other = hub.client("");
        one.expectNothing();
        other.expectNothing();
    }

    @Test
    public void MQTT_3_1_3_7_and_3_1_3_8_an_empty_client_id_without_clean_session_is_answered_with_2()
            throws IOException {
        answered(0, 2, new Connect("").persistent().bytes());
    }

    @Test
    public void MQTT_3_1_3_9_a_client_id_that_is_not_allowed_is_answered_with_2() throws IOException {
        answered(0, 2, new Connect("a/b").bytes());
    }

    @Test
    public void MQTT_3_1_3_11_a_username_that_is_no_utf_8_is_not_let_in() throws IOException {
        Body body = new Body().text("MQTT").u8(4).u8(USER | PASSWORD | CLEAN).u16(0);
        body.text("c").u16(5).raw((byte) 't', (byte) 'e', (byte) 's', (byte) 't', (byte) 0xff);
        closed(Packets.packet(0x10, body.text("hahaha").bytes()));
    }

    @Test
    public void MQTT_3_1_4_1_a_connect_that_is_malformed_is_closed_without_an_answer() throws IOException {
        closed(Packets.packet(0x10, new Body().text("MQTT").u8(4).bytes()));
    }

    @Test
    public void MQTT_3_1_4_2_a_client_id_that_connects_again_closes_its_old_connection() throws IOException {
        RawClient old = hub.client("c");
        hub.client("c").expectNothing();
        old.expectClosed();
    }

    @Test
    public void MQTT_3_1_4_4_a_connect_is_answered_with_code_0() throws IOException {
        answered(0, 0, new Connect("c").bytes());
    }

    @Test
    public void MQTT_3_1_4_5_nothing_behind_a_refused_connect_is_served() throws IOException {
        RawClient watcher = watcher("t");
        RawClient client = hub.open();
        client.send(new Body()
                .raw(new Connect("c").user("test", "wrong").bytes())
                .raw(Packets.publish("t", new byte[1], 0, true, 0))
                .bytes());
        assertThat(client.expect(2).body()[1]).isEqualTo((byte) 4);
        client.expectClosed();
        watcher.expectNothing();
        watcher("t").expectNothing();
    }

    @Test
    public void MQTT_3_2_0_1_the_first_packet_of_the_hub_is_connack() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        client.close();
        hub.client("p").publishSafely("t", "waits", false, 1);
        answered(1, 0, new Connect("c").persistent().bytes());
    }

    @Test
    public void MQTT_3_2_2_1_to_3_session_present_is_said_when_there_is_one_and_only_then() throws IOException {
        answered(0, 0, new Connect("c").persistent().bytes());
        answered(1, 0, new Connect("c").persistent().bytes());
        answered(0, 0, new Connect("c").bytes());
        answered(0, 0, new Connect("c").persistent().bytes());
    }

    /** MQTT 3.1, paragraph 3.2: that byte is reserved. */
    @Test
    public void a_client_of_mqtt_3_1_hears_nothing_of_its_session() throws IOException {
        answered(0, 0, new Connect("c").version(3).persistent().bytes());
        answered(0, 0, new Connect("c").version(3).persistent().bytes());
        answered(1, 0, new Connect("c").persistent().bytes());
    }

    @Test
    public void MQTT_3_2_2_4_and_5_a_refusal_says_no_session_and_closes() throws IOException {
        answered(0, 0, new Connect("c").persistent().bytes());
        answered(0, 4, new Connect("c").user("test", "wrong").persistent().bytes());
    }

    @Test
    public void MQTT_3_12_4_1_pingreq_is_answered_with_pingresp() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.PINGREQ);
        assertThat(client.expect(13).body()).isEmpty();
    }
}
