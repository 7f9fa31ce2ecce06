package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, sections 3.3 to 3.7: PUBLISH and its acknowledgements. */
public class ConformancePublishTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    private RawClient subscriber(int qos, String filter) throws IOException {
        RawClient client = hub.client("");
        client.subscribe(qos, filter);
        return client;
    }

    private void closed(byte[] packet) throws IOException {
        RawClient client = hub.client("");
        client.send(packet);
        client.expectClosed();
    }

    /** QoS 0, and the hub has dealt with it. */
    /** With QoS 0; what is acknowledged behind it tells that it has its place among the retained ones. */
    private void publish(String topic, String payload, boolean retain) throws IOException {
        RawClient client = hub.client("");
        client.send(Packets.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 0, retain, 0));
        client.publishSafely("behind", "", false, 1);
        client.expectNothing();
    }

    @Test
    public void MQTT_3_3_1_1_what_is_sent_again_has_dup() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        publisher.publishOnce("t", "two", false, 2);
        assertThat(client.message().again()).isFalse();
        assertThat(client.message().again()).isFalse();
        RawClient again = hub.client(new Connect("c").persistent());
        assertThat(again.message().again()).isTrue();
        assertThat(again.message().again()).isTrue();
    }

    @Test
    public void MQTT_3_3_1_2_dup_at_qos_0_closes_the_connection() throws IOException {
        closed(Packets.again(Packets.publish("t", new byte[1], 0, false, 0)));
    }

    @Test
    public void MQTT_3_3_1_3_dup_of_the_publisher_is_not_passed_on() throws IOException {
        RawClient client = subscriber(2, "t");
        RawClient publisher = hub.client("p");
        publisher.send(Packets.again(Packets.publish("t", new byte[1], 1, false, 1)));
        publisher.send(Packets.again(Packets.publish("t", new byte[1], 2, false, 2)));
        assertThat(client.message().again()).isFalse();
        assertThat(client.message().again()).isFalse();
    }

    @Test
    public void MQTT_3_3_1_4_qos_3_closes_the_connection() throws IOException {
        closed(Packets.publish("t", new byte[1], 3, false, 1));
    }

    @Test
    public void MQTT_3_3_1_5_a_message_with_retain_is_kept_with_its_qos() throws IOException {
        hub.client("p").publishOnce("t", "kept", true, 1);
        Published message = subscriber(2, "t").message();
        assertThat(message).isEqualTo(new Published("t", "kept", 2, true, false, message.id()));
    }

    @Test
    public void MQTT_3_3_1_6_a_new_subscription_gets_the_last_retained_message_of_each_topic() throws IOException {
        publish("a/1", "old", true);
        publish("a/1", "new", true);
        publish("a/2", "two", true);
        RawClient client = subscriber(0, "a/+");
        assertThat(new String[] {client.message().payload(), client.message().payload()})
                .containsExactlyInAnyOrder("new", "two");
        client.expectNothing();
    }

    @Test
    public void MQTT_3_3_1_7_a_retained_message_of_qos_0_replaces_the_one_before() throws IOException {
        hub.client("p").publishOnce("t", "old", true, 1);
        publish("t", "new", true);
        RawClient client = subscriber(2, "t");
        assertThat(client.message()).isEqualTo(new Published("t", "new", 0, true, false, 0));
        client.expectNothing();
    }

    @Test
    public void MQTT_3_3_1_8_a_new_subscription_gets_it_with_retain() throws IOException {
        publish("t", "kept", true);
        assertThat(subscriber(0, "t").message().retain()).isTrue();
    }

    @Test
    public void MQTT_3_3_1_9_an_established_subscription_gets_it_without_retain() throws IOException {
        RawClient client = subscriber(0, "t");
        publish("t", "kept", true);
        assertThat(client.message().retain()).isFalse();
    }

    @Test
    public void MQTT_3_3_1_10_an_empty_retained_message_is_delivered_and_deletes_the_kept_one() throws IOException {
        RawClient before = subscriber(0, "t");
        publish("t", "kept", true);
        publish("t", "", true);
        assertThat(before.message().payload()).isEqualTo("kept");
        assertThat(before.message()).isEqualTo(new Published("t", "", 0, false, false, 0));
        subscriber(0, "t").expectNothing();
    }

    @Test
    public void MQTT_3_3_1_11_an_empty_retained_message_is_not_kept() throws IOException {
        publish("t", "", true);
        subscriber(0, "t").expectNothing();
    }

    @Test
    public void MQTT_3_3_1_12_a_message_without_retain_is_not_kept_and_deletes_nothing() throws IOException {
        publish("none", "x", false);
        subscriber(0, "none").expectNothing();
        publish("t", "kept", true);
        publish("t", "other", false);
        publish("t", "", false);
        assertThat(subscriber(0, "t").message().payload()).isEqualTo("kept");
    }

    @Test
    public void MQTT_3_3_2_1_a_publish_without_a_topic_of_utf_8_closes_the_connection() throws IOException {
        closed(Packets.packet(0x30, new byte[0]));
        closed(Packets.packet(0x30, new Body().u16(4).raw((byte) 'a').bytes()));
        closed(Packets.packet(0x30, new Body().u16(1).u8(0xff).bytes()));
    }

    @Test
    public void MQTT_3_3_2_2_wildcards_in_the_topic_close_the_connection() throws IOException {
        for (String topic : new String[] {"#", "+", "a/+", "a/#", "a+", "a#b"}) {
            closed(Packets.publish(topic, new byte[1], 0, false, 0));
        }
    }

    @Test
    public void MQTT_3_3_2_3_a_delivery_has_the_topic_of_the_publish() throws IOException {
        RawClient client = subscriber(0, "a/#");
        publish("a/b/c", "x", false);
        publish("b", "x", false);
        publish("a", "x", false);
        assertThat(client.message().topic()).isEqualTo("a/b/c");
        assertThat(client.message().topic()).isEqualTo("a");
        client.expectNothing();
    }

    @Test
    public void MQTT_3_3_4_1_the_answer_is_none_puback_or_pubrec_by_qos() throws IOException {
        RawClient client = hub.client("c");
        client.publish("t", "x");
        client.expectNothing();
        client.publishSafely("t", "x", false, 1);
        client.publishOnce("t", "x", false, 1);
    }

    @Test
    public void MQTT_3_3_5_1_overlapping_subscriptions_deliver_with_the_highest_of_their_qos() throws IOException {
        RawClient client = subscriber(0, "a/#");
        client.subscribe(2, "a/+");
        client.subscribe(1, "+/b");
        hub.client("p").publishOnce("a/b", "x", false, 1);
        assertThat(client.message().qos()).isEqualTo(2);
        client.expectNothing();
    }

    @Test
    public void MQTT_3_3_5_2_a_publish_that_is_not_allowed_closes_the_connection() throws IOException {
        RawClient watcher = subscriber(0, "#");
        for (int qos = 0; qos <= 2; qos++) {
            RawClient client = hub.client(new Connect("few").user("few", "pass"));
            client.send(Packets.publish("out", new byte[1], qos, true, 1));
            client.expectClosed();
        }
        watcher.expectNothing();
    }

    @Test
    public void MQTT_3_4_a_puback_frees_the_message() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        hub.client("p").publishSafely("t", "x", false, 1);
        client.send(Packets.puback(client.message().id()));
        client.expectNothing();
        hub.client(new Connect("c").persistent()).expectNothing();
    }

    @Test
    public void MQTT_3_6_1_1_flags_of_pubrel_other_than_2_close_the_connection() throws IOException {
        for (int flags : new int[] {0, 1, 3, 4, 6, 8, 15}) {
            RawClient client = hub.client("");
            client.publishOnce("t", "x", false, 1);
            client.send(Packets.packet(0x60 | flags, new byte[] {0, 1}));
            client.expectClosed();
        }
    }
}
