package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Exactly once, in both directions. */
public class QosTwoTest {
    private static final int WINDOW = 4;

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(
                    HubFixture.rule("from", 2, "to/two", 2),
                    HubFixture.rule("from", 2, "to/one", 1),
                    HubFixture.rule("to/two", 0, "to/zero", 2)),
            HubFixture.limits(Duration.ofSeconds(10), 1000, 1000, WINDOW, 1000));

    private RawClient persistent(String id) throws IOException {
        return hub.client(new Connect(id).persistent());
    }

    private RawClient subscriber(int qos, String filter) throws IOException {
        RawClient client = hub.client("subscriber");
        assertThat(client.subscribe(qos, filter)).isEqualTo(qos);
        return client;
    }

    @Test
    public void a_message_goes_from_publisher_to_subscriber_in_four_steps_each() throws IOException {
        RawClient subscriber = subscriber(2, "t");
        RawClient publisher = hub.client("publisher");
        publisher.publishOnce("t", "x", false, 9);
        Published message = subscriber.message();
        assertThat(message).isEqualTo(new Published("t", "x", 2, false, false, message.id()));
        publisher.release(9);
        subscriber.take(message);
        subscriber.expectNothing();
    }

    @Test
    public void a_publish_that_comes_again_is_answered_again_and_not_delivered_again() throws IOException {
        RawClient subscriber = subscriber(0, "t");
        RawClient publisher = hub.client("publisher");
        publisher.publishOnce("t", "x", false, 9);
        publisher.send(Packets.again(Packets.publish("t", "x".getBytes(StandardCharsets.UTF_8), 2, false, 9)));
        publisher.expect(RawClient.PUBREC, 9);
        publisher.publishOnce("t", "x", false, 9);
        assertThat(subscriber.message().payload()).isEqualTo("x");
        subscriber.expectNothing();
    }

    @Test
    public void a_released_id_is_free_for_the_next_message() throws IOException {
        RawClient subscriber = subscriber(0, "t");
        RawClient publisher = hub.client("publisher");
        for (int i = 0; i < 3; i++) {
            publisher.publishOnce("t", "m" + i, false, 65_535);
            publisher.release(65_535);
            assertThat(subscriber.message().payload()).isEqualTo("m" + i);
        }
    }

    @Test
    public void a_release_that_comes_again_is_completed_again() throws IOException {
        RawClient publisher = hub.client("publisher");
        publisher.publishOnce("t", "x", false, 9);
        publisher.release(9);
        publisher.release(9);
        publisher.release(4711);
    }

    @Test
    public void ids_of_a_persistent_session_are_known_on_the_next_connection() throws IOException {
        RawClient subscriber = subscriber(0, "t");
        persistent("p").publishOnce("t", "x", false, 9);
        RawClient again = persistent("p");
        again.send(Packets.again(Packets.publish("t", "x".getBytes(StandardCharsets.UTF_8), 2, false, 9)));
        again.expect(RawClient.PUBREC, 9);
        again.close();
        persistent("p").release(9);
        assertThat(subscriber.message().payload()).isEqualTo("x");
        subscriber.expectNothing();
    }

    @Test
    public void ids_of_a_clean_session_end_with_it() throws IOException {
        RawClient subscriber = subscriber(0, "t");
        hub.client("p").publishOnce("t", "x", false, 9);
        hub.client("p").publishOnce("t", "y", false, 9);
        assertThat(subscriber.message().payload()).isEqualTo("x");
        assertThat(subscriber.message().payload()).isEqualTo("y");
    }

    @Test
    public void every_id_may_be_unreleased_at_once_and_its_memory_comes_back() throws IOException {
        RawClient publisher = hub.client("publisher");
        int last = 65_535;
        for (int from = 1; from <= last; from += 1000) {
            Packets.Body many = new Packets.Body();
            int to = Math.min(last, from + 999);
            for (int id = from; id <= to; id++) {
                many.raw(Packets.publish("t", new byte[0], 2, false, id));
            }
            publisher.send(many.bytes());
            for (int id = from; id <= to; id++) {
                publisher.expect(RawClient.PUBREC, id);
            }
        }
        assertThat(hub.server().broker().memory().waiting().used()).isEqualTo(8 * 1024);
        publisher.close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().memory().waiting().used() == 0);
    }

    @Test
    public void what_was_not_finished_comes_again_in_order_as_publish_or_as_release() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(2, "t");
        RawClient publisher = hub.client("publisher");
        Published[] sent = new Published[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            publisher.publishOnce("t", "m" + i, false, i + 1);
            sent[i] = client.message();
        }
        client.send(Packets.pubrec(sent[0].id()));
        client.expect(RawClient.PUBREL, sent[0].id());
        client.take(sent[1]);
        client.send(Packets.pubrec(sent[2].id()));
        client.expect(RawClient.PUBREL, sent[2].id());
        client.close();

        RawClient again = persistent("c");
        again.expect(RawClient.PUBREL, sent[0].id());
        again.expect(RawClient.PUBREL, sent[2].id());
        assertThat(again.message()).isEqualTo(new Published("t", "m3", 2, false, true, sent[3].id()));
        again.send(Packets.pubcomp(sent[0].id()));
        again.send(Packets.pubcomp(sent[2].id()));
        again.take(sent[3]);
        again.expectNothing();
    }

    @Test
    public void a_message_that_is_not_completed_takes_a_place_of_the_window() throws IOException {
        RawClient client = subscriber(2, "t");
        RawClient publisher = hub.client("publisher");
        Published first = null;
        for (int i = 1; i <= WINDOW + 1; i++) {
            publisher.publishOnce("t", "m" + i, false, i);
            first = i == 1 ? client.message() : first;
        }
        for (int i = 2; i <= WINDOW; i++) {
            client.message();
        }
        client.send(Packets.pubrec(first.id()));
        client.expect(RawClient.PUBREL, first.id());
        client.expectNothing();
        client.send(Packets.pubcomp(first.id()));
        assertThat(client.message().payload()).isEqualTo("m" + (WINDOW + 1));
    }

    @Test
    public void an_acknowledgement_of_another_qos_changes_nothing() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(2, "two");
        client.subscribe(1, "one");
        RawClient publisher = hub.client("publisher");
        publisher.publishOnce("two", "x", false, 1);
        publisher.publishOnce("one", "y", false, 2);
        Published two = client.message();
        Published one = client.message();
        client.send(Packets.puback(two.id()));
        client.send(Packets.pubcomp(two.id()));
        client.send(Packets.pubrec(one.id()));
        client.expectNothing();
        client.close();
        RawClient again = persistent("c");
        assertThat(again.message()).isEqualTo(new Published("two", "x", 2, false, true, two.id()));
        assertThat(again.message()).isEqualTo(new Published("one", "y", 1, false, true, one.id()));
    }

    @Test
    public void a_pubrec_for_a_message_that_the_hub_forgot_is_answered() throws IOException {
        RawClient client = hub.client("c");
        client.send(Packets.pubrec(77));
        client.expect(RawClient.PUBREL, 77);
        client.send(Packets.pubcomp(77));
        client.expectNothing();
    }

    @Test
    public void a_delivery_has_the_lower_qos_of_publish_and_subscription() throws IOException {
        RawClient client = hub.client("c");
        for (int qos = 0; qos <= 2; qos++) {
            client.subscribe(qos, "s" + qos);
        }
        RawClient publisher = hub.client("publisher");
        for (int published = 0; published <= 2; published++) {
            for (int subscribed = 0; subscribed <= 2; subscribed++) {
                publisher.send(Packets.publish("s" + subscribed, new byte[1], published, false, 1));
                if (published == 1) {
                    publisher.expect(4);
                } else if (published == 2) {
                    publisher.expect(RawClient.PUBREC, 1);
                    publisher.release(1);
                }
                Published message = client.message();
                assertThat(message.qos()).isEqualTo(Math.min(published, subscribed));
                if (message.qos() == 1) {
                    client.send(Packets.puback(message.id()));
                } else if (message.qos() == 2) {
                    client.take(message);
                }
            }
        }
    }

    @Test
    public void rules_pass_the_lower_qos_on() throws IOException {
        RawClient client = subscriber(2, "to/+");
        hub.client("publisher").publishOnce("from", "x", false, 1);
        Map<String, Integer> got = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            Published message = client.message();
            got.put(message.topic(), message.qos());
        }
        assertThat(got).isEqualTo(Map.of("to/two", 2, "to/one", 1, "to/zero", 0));
        client.expectNothing();
    }

    @Test
    public void overlapping_subscriptions_bring_one_copy_with_qos_2() throws IOException {
        RawClient client = subscriber(1, "a/#");
        client.subscribe(2, "+/b");
        client.subscribe(0, "a/b");
        hub.client("publisher").publishOnce("a/b", "x", false, 1);
        Published message = client.message();
        assertThat(message.qos()).isEqualTo(2);
        client.take(message);
        client.expectNothing();
    }

    @Test
    public void retained_messages_and_wills_have_qos_2() throws IOException {
        hub.client("publisher").publishOnce("kept", "k", true, 1);
        RawClient client = subscriber(2, "#");
        Published kept = client.message();
        assertThat(kept).isEqualTo(new Published("kept", "k", 2, true, false, kept.id()));
        hub.client(new Connect("mortal").will("wills", "gone", 2, false)).close();
        Published will = client.message();
        assertThat(will).isEqualTo(new Published("wills", "gone", 2, false, false, will.id()));
    }

    @Test
    public void qos_2_for_an_absent_client_waits() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(2, "t");
        client.send(Packets.DISCONNECT);
        client.expectClosed();
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= 3 * WINDOW; i++) {
            publisher.publishOnce("t", "m" + i, false, i);
            publisher.release(i);
        }
        RawClient again = persistent("c");
        for (int i = 1; i <= 3 * WINDOW; i += WINDOW) {
            List<Published> window = new ArrayList<>();
            for (int j = 0; j < WINDOW; j++) {
                window.add(again.message());
                assertThat(window.get(j).payload()).isEqualTo("m" + (i + j));
                again.send(Packets.pubrec(window.get(j).id()));
            }
            for (Published message : window) {
                again.expect(RawClient.PUBREL, message.id());
            }
            for (Published message : window) {
                again.send(Packets.pubcomp(message.id()));
            }
        }
        again.expectNothing();
    }
}
