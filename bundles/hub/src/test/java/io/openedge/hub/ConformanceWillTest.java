package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, sections 3.1 and 3.14: wills and DISCONNECT. */
public class ConformanceWillTest {
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

    private RawClient watcher(String filter) throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(2, filter);
        return watcher;
    }

    @Test
    public void MQTT_3_1_2_8_a_will_is_published_when_the_connection_ends_otherwise() throws IOException {
        RawClient watcher = watcher("wills/#");
        hub.client(new Connect("c").will("wills/1", "broken", 0, false)).close();
        assertThat(watcher.message().payload()).isEqualTo("broken");
        RawClient rude = hub.client(new Connect("c").will("wills/2", "rude", 0, false));
        rude.send(new byte[] {(byte) 0xF0, 0});
        assertThat(watcher.message().payload()).isEqualTo("rude");
        hub.client(new Connect("c").keepAlive(1).will("wills/3", "silent", 0, false));
        assertThat(watcher.message().payload()).isEqualTo("silent");
    }

    @Test
    public void MQTT_3_1_2_9_a_will_flag_without_topic_and_message_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, CLEAN | WILL, "c"));
        closed(connect("MQTT", 4, CLEAN | WILL, "c", "t"));
    }

    @Test
    public void MQTT_3_1_2_10_a_will_is_published_once_and_not_after_disconnect() throws IOException {
        RawClient watcher = watcher("wills");
        RawClient polite = hub.client(new Connect("c").persistent().will("wills", "polite", 2, false));
        polite.send(Packets.DISCONNECT);
        polite.expectClosed();
        hub.client(new Connect("c").persistent().will("wills", "once", 2, false))
                .close();
        watcher.take(watcher.message());
        hub.client(new Connect("c").persistent()).close();
        watcher.expectNothing();
    }

    @Test
    public void MQTT_3_1_2_11_will_qos_or_retain_without_a_will_close_the_connection() throws IOException {
        for (int flags : new int[] {0x08, 0x10, 0x18, 0x20}) {
            closed(connect("MQTT", 4, USER | PASSWORD | CLEAN | flags, "c", "test", "hahaha"));
        }
    }

    @Test
    public void MQTT_3_1_2_12_without_the_flag_no_will_is_published() throws IOException {
        RawClient watcher = watcher("#");
        hub.client("c").close();
        watcher.expectNothing();
    }

    @Test
    public void MQTT_3_1_2_13_will_qos_without_a_will_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | PASSWORD | CLEAN | 0x08, "c", "test", "hahaha"));
    }

    @Test
    public void MQTT_3_1_2_14_will_qos_3_closes_the_connection() throws IOException {
        closed(new Connect("c").will("t", "x", 3, false).bytes());
    }

    @Test
    public void MQTT_3_1_2_15_will_retain_without_a_will_closes_the_connection() throws IOException {
        closed(connect("MQTT", 4, USER | PASSWORD | CLEAN | 0x20, "c", "test", "hahaha"));
    }

    @Test
    public void MQTT_3_1_2_16_a_will_without_retain_is_not_retained() throws IOException {
        RawClient first = watcher("wills");
        hub.client(new Connect("c").will("wills", "gone", 1, false)).close();
        assertThat(first.message().retain()).isFalse();
        watcher("wills").expectNothing();
    }

    @Test
    public void MQTT_3_1_2_17_a_will_with_retain_is_retained() throws IOException {
        RawClient first = watcher("wills");
        hub.client(new Connect("c").will("wills", "gone", 1, true)).close();
        assertThat(first.message().retain()).isFalse();
        assertThat(watcher("wills").message()).isEqualTo(new Published("wills", "gone", 1, true, false, 1));
    }

    @Test
    public void MQTT_3_1_3_10_a_will_topic_that_is_no_utf_8_closes_the_connection() throws IOException {
        Body body =
                new Body().text("MQTT").u8(4).u8(USER | PASSWORD | CLEAN | WILL).u16(0);
        body.text("c").u16(2).u8('a').u8(0xc3).text("x").text("test").text("hahaha");
        closed(Packets.packet(0x10, body.bytes()));
    }

    @Test
    public void MQTT_3_14_1_1_flags_of_disconnect_close_the_connection_with_its_will() throws IOException {
        RawClient watcher = watcher("wills");
        RawClient client = hub.client(new Connect("c").will("wills", "rude", 0, false));
        client.send(new byte[] {(byte) 0xE1, 0});
        client.expectClosed();
        assertThat(watcher.message().payload()).isEqualTo("rude");
    }

    @Test
    public void MQTT_3_14_4_3_disconnect_discards_the_will() throws IOException {
        RawClient watcher = watcher("wills");
        RawClient client = hub.client(new Connect("c").will("wills", "gone", 2, true));
        client.send(Packets.DISCONNECT);
        client.expectClosed();
        watcher.expectNothing();
    }
}
