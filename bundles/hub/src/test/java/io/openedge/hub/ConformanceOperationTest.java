package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Router;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** MQTT 3.1.1, chapter 4: sessions, delivery, order, topics, errors. */
public class ConformanceOperationTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    private RawClient persistent() throws IOException {
        return hub.client(new Connect("c").persistent());
    }

    private RawClient subscriber(int qos, String... filters) throws IOException {
        RawClient client = hub.client("");
        client.send(Packets.subscribe(1, qos, filters));
        client.expect(9);
        return client;
    }

    private static void expectTopics(RawClient client, String... topics) throws IOException {
        for (String topic : topics) {
            assertThat(client.message().topic()).isEqualTo(topic);
        }
        client.expectNothing();
    }

    private void publish(String... topics) throws IOException {
        RawClient publisher = hub.client("publisher");
        for (String topic : topics) {
            publisher.publish(topic, "x");
        }
        publisher.expectNothing();
    }

    @Test
    public void MQTT_4_1_0_1_and_2_the_state_of_a_session_is_kept() throws IOException {
        RawClient client = persistent();
        client.subscribe(2, "t");
        client.publishOnce("other", "x", false, 9);
        RawClient publisher = hub.client("p");
        publisher.publishOnce("t", "begun", false, 1);
        Published begun = client.message();
        client.close();
        publisher.publishOnce("t", "waits", false, 2);
        RawClient again = persistent();
        assertThat(again.message().id()).isEqualTo(begun.id());
        assertThat(again.message().payload()).isEqualTo("waits");
        again.release(9);
        publisher.publishOnce("t", "new", false, 3);
        assertThat(again.message().payload()).isEqualTo("new");
    }

    @Test
    public void MQTT_4_3_1_1_qos_0_is_sent_once_without_dup() throws IOException {
        RawClient client = persistent();
        client.subscribe(0, "t");
        publish("t");
        assertThat(client.message()).isEqualTo(new Published("t", "x", 0, false, false, 0));
        client.close();
        persistent().expectNothing();
    }

    @Test
    public void MQTT_4_3_2_1_qos_1_is_sent_without_dup_and_kept_until_its_puback() throws IOException {
        RawClient client = persistent();
        client.subscribe(1, "t");
        hub.client("p").publishSafely("t", "x", false, 1);
        Published first = client.message();
        assertThat(first.again()).isFalse();
        client.close();
        RawClient again = persistent();
        assertThat(again.message()).isEqualTo(new Published("t", "x", 1, false, true, first.id()));
        again.send(Packets.puback(first.id()));
        again.expectNothing();
        again.close();
        persistent().expectNothing();
    }

    @Test
    public void MQTT_4_3_2_2_after_its_puback_the_same_id_is_a_new_message() throws IOException {
        RawClient client = subscriber(0, "t");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        publisher.publishSafely("t", "two", false, 1);
        assertThat(client.message().payload()).isEqualTo("one");
        assertThat(client.message().payload()).isEqualTo("two");
    }

    @Test
    public void MQTT_4_3_3_1_after_pubrec_the_message_is_not_sent_again_only_its_release() throws IOException {
        RawClient client = persistent();
        client.subscribe(2, "t");
        hub.client("p").publishOnce("t", "x", false, 1);
        Published message = client.message();
        assertThat(message.again()).isFalse();
        client.send(Packets.pubrec(message.id()));
        client.expect(RawClient.PUBREL, message.id());
        client.close();
        RawClient again = persistent();
        again.expect(RawClient.PUBREL, message.id());
        again.send(Packets.pubcomp(message.id()));
        again.expectNothing();
        again.close();
        persistent().expectNothing();
    }

    @Test
    public void MQTT_4_3_3_2_until_its_pubrel_the_same_id_is_the_same_message() throws IOException {
        RawClient client = subscriber(0, "t");
        RawClient publisher = hub.client("p");
        publisher.publishOnce("t", "one", false, 1);
        publisher.publishOnce("t", "one", false, 1);
        publisher.release(1);
        publisher.publishOnce("t", "two", false, 1);
        assertThat(client.message().payload()).isEqualTo("one");
        assertThat(client.message().payload()).isEqualTo("two");
        client.expectNothing();
    }

    @Test
    public void MQTT_4_4_0_1_publish_and_pubrel_are_sent_again_with_their_ids_on_reconnect() throws IOException {
        RawClient client = persistent();
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        publisher.publishOnce("t", "two", false, 2);
        publisher.publishOnce("t", "three", false, 3);
        Published one = client.message();
        Published two = client.message();
        Published three = client.message();
        client.send(Packets.pubrec(two.id()));
        client.expect(RawClient.PUBREL, two.id());
        RawClient again = persistent();
        again.expect(RawClient.PUBREL, two.id());
        assertThat(again.message()).isEqualTo(new Published("t", "one", 1, false, true, one.id()));
        assertThat(again.message()).isEqualTo(new Published("t", "three", 2, false, true, three.id()));
        again.expectNothing();
    }

    @Test
    public void MQTT_4_5_0_1_a_message_is_added_to_every_session_that_subscribed() throws IOException {
        persistent().subscribe(2, "t");
        RawClient one = subscriber(2, "t");
        RawClient other = subscriber(1, "+");
        hub.client("c").close();
        RawClient absent = hub.client(new Connect("absent").persistent());
        absent.subscribe(2, "#");
        absent.close();
        hub.client("p").publishOnce("t", "x", false, 1);
        assertThat(one.message().qos()).isEqualTo(2);
        assertThat(other.message().qos()).isEqualTo(1);
        assertThat(hub.client(new Connect("absent").persistent()).message().payload())
                .isEqualTo("x");
        persistent().expectNothing();
    }

    @Test
    public void MQTT_4_6_0_1_messages_are_sent_again_in_their_order() throws IOException {
        RawClient client = persistent();
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        List<Integer> ids = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            publisher.publishOnce("t", "m" + i, false, i);
            ids.add(client.message().id());
        }
        RawClient again = persistent();
        for (int id : ids) {
            assertThat(again.message().id()).isEqualTo(id);
        }
    }

    @Test
    public void MQTT_4_6_0_2_and_3_pubacks_and_pubrecs_come_in_the_order_of_the_messages() throws IOException {
        RawClient client = hub.client("c");
        Body all = new Body();
        for (int i = 1; i <= 50; i++) {
            all.raw(Packets.publish("t", new byte[1], 1 + i % 2, false, 100 - i));
        }
        client.send(all.bytes());
        for (int i = 1; i <= 50; i++) {
            client.expect(i % 2 == 0 ? 4 : RawClient.PUBREC, 100 - i);
        }
    }

    @Test
    public void MQTT_4_6_0_4_pubrels_come_in_the_order_of_the_pubrecs_also_after_a_reconnect() throws IOException {
        RawClient client = persistent();
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        List<Integer> ids = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            publisher.publishOnce("t", "m" + i, false, i);
            ids.add(0, client.message().id());
        }
        for (int id : ids) {
            client.send(Packets.pubrec(id));
        }
        for (int id : ids) {
            client.expect(RawClient.PUBREL, id);
        }
        RawClient again = persistent();
        for (int id : ids) {
            again.expect(RawClient.PUBREL, id);
        }
    }

    @Test
    public void MQTT_4_6_0_5_and_6_messages_of_a_topic_come_in_the_order_of_their_publisher() throws IOException {
        RawClient client = subscriber(0, "t");
        RawClient publisher = hub.client("p");
        for (int i = 0; i < 300; i++) {
            publisher.send(Packets.publish("t", ("m" + i).getBytes(StandardCharsets.UTF_8), i % 3, false, 1 + i));
        }
        int[] next = {0, 1, 2};
        for (int i = 0; i < 300; i++) {
            int number = Integer.parseInt(client.message().payload().substring(1));
            assertThat(number).as("of one topic and one QoS").isEqualTo(next[number % 3]);
            next[number % 3] += 3;
        }
    }

    @Test
    public void MQTT_4_7_1_1_wildcards_stand_in_filters_and_never_in_topics() throws IOException {
        RawClient client = hub.client("c");
        assertThat(client.subscribe(0, "a/+")).isZero();
        client.publish("a/+", "x");
        client.expectClosed();
    }

    @Test
    public void MQTT_4_7_1_2_a_number_sign_stands_alone_at_the_end() throws IOException {
        RawClient client = hub.client("c");
        for (String filter : new String[] {"#", "a/#", "+/#"}) {
            assertThat(client.subscribe(0, filter)).isZero();
        }
        for (String filter : new String[] {"a#", "a/b#", "a/#/b", "##", "#/a"}) {
            assertThat(client.subscribe(0, filter)).isEqualTo(0x80);
        }
        RawClient deep = subscriber(0, "a/b/#");
        publish("a/b", "a/b/c", "a/b/c/d", "a/bc", "a");
        expectTopics(deep, "a/b", "a/b/c", "a/b/c/d");
    }

    @Test
    public void MQTT_4_7_1_3_a_plus_sign_is_a_whole_level() throws IOException {
        RawClient client = hub.client("c");
        for (String filter : new String[] {"+", "+/a", "a/+/b", "/+", "+/+"}) {
            assertThat(client.subscribe(0, filter)).isZero();
        }
        for (String filter : new String[] {"a+", "+a", "a/b+/c", "++"}) {
            assertThat(client.subscribe(0, filter)).isEqualTo(0x80);
        }
        RawClient level = subscriber(0, "a/+");
        publish("a", "a/", "a/b", "a/b/c", "/a");
        expectTopics(level, "a/", "a/b");
    }

    @Test
    public void MQTT_4_7_2_1_a_leading_wildcard_is_not_for_topics_of_the_hub() throws IOException {
        RawClient client = subscriber(0, "#", "+/x");
        Router router = hub.server().broker().router();
        Topic topic = Topic.parse("$SYS/x", TopicLimits.DEFAULT).orElseThrow();
        router.publish(new Message(topic, new byte[1], 0), router.route(topic, null), 0);
        client.expectNothing();
    }

    @Test
    public void MQTT_4_7_3_1_topics_and_filters_are_not_empty() throws IOException {
        RawClient client = hub.client("c");
        assertThat(client.subscribe(0, "")).isEqualTo(0x80);
        client.publish("", "x");
        client.expectClosed();
    }

    @Test
    public void MQTT_4_7_3_2_topics_hold_no_u_0000() throws IOException {
        RawClient client = hub.client("c");
        client.publish("a\0b", "x");
        client.expectClosed();
    }

    @Test
    public void MQTT_4_7_3_4_topics_are_compared_character_by_character() throws IOException {
        RawClient client = subscriber(0, "ACCOUNTS", "caf\u00e9", "/a", "a//b", "a b");
        publish("accounts", "cafe\u0301", "a", "a/b", "ab", "ACCOUNTS", "caf\u00e9", "/a", "a//b", "a b");
        expectTopics(client, "ACCOUNTS", "caf\u00e9", "/a", "a//b", "a b");
    }

    @Test
    public void MQTT_4_8_0_1_what_is_against_the_protocol_closes_that_connection_only() throws IOException {
        RawClient other = subscriber(0, "t");
        RawClient client = hub.client("c");
        client.send(new byte[] {(byte) 0xF0, 0});
        client.expectClosed();
        publish("t");
        expectTopics(other, "t");
    }
}
