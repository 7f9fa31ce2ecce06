package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import io.openedge.hub.store.Asked;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.SlowDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** The power fails: what the hub has promised holds, and what was not synced is gone. */
public class CrashTest {
    private final SlowDisk disk = new SlowDisk();

    @Rule
    public final HubFixture hub = new HubFixture(disk);

    private RawClient persistent(String id) throws IOException {
        return hub.client(new Connect(id).persistent());
    }

    private Journal journal() {
        return hub.server().broker().journal();
    }

    @Test
    public void an_acknowledged_message_comes_after_the_crash_with_session_and_subscription() throws IOException {
        persistent("c").subscribe(1, "a/+");
        hub.client("p").publishSafely("a/b", "kept", false, 1);
        hub.crash();
        RawClient again = hub.open();
        assertThat(again.connect(new Connect("c").persistent()).body()[0])
                .as("session present")
                .isEqualTo((byte) 1);
        Published message = again.message();
        assertThat(message.payload()).isEqualTo("kept");
        hub.client("p").publishSafely("a/c", "the subscription holds", false, 1);
        assertThat(again.message().payload()).isEqualTo("the subscription holds");
    }

    @Test
    public void a_message_that_the_client_has_does_not_come_again_once_that_was_written() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(1, "t");
        RawClient publisher = hub.client("p");
        publisher.publishSafely("t", "one", false, 1);
        client.send(Packets.puback(client.message().id()));
        await().until(() -> journal().waiting() == 0);
        publisher.publishSafely("t", "two", false, 2);
        hub.crash();
        RawClient again = persistent("c");
        assertThat(again.message().payload()).isEqualTo("two");
        again.expectNothing();
    }

    @Test
    public void an_unsubscribed_filter_a_removed_session_and_a_removed_retained_message_stay_so() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(1, "a");
        client.subscribe(1, "b");
        client.send(Packets.unsubscribe(9, "a"));
        client.expect(11, 9);
        persistent("gone").subscribe(1, "a");
        hub.client("gone").close();
        RawClient publisher = hub.client("p");
        publisher.publishSafely("r", "retained", true, 1);
        publisher.publishSafely("r", "", true, 2);
        hub.crash();
        RawClient again = persistent("c");
        hub.client("p").publishSafely("a", "nobody wants it", false, 1);
        hub.client("p").publishSafely("b", "wanted", false, 2);
        assertThat(again.message().payload()).isEqualTo("wanted");
        RawClient fresh = hub.open();
        assertThat(fresh.connect(new Connect("gone").persistent()).body()[0])
                .as("session present")
                .isZero();
        assertThat(fresh.subscribe(1, "r")).isEqualTo(1);
        fresh.expectNothing();
    }

    @Test
    public void retained_messages_are_there_for_the_next_subscriber() throws IOException {
        RawClient publisher = hub.client("p");
        publisher.publishSafely("r/1", "first", true, 1);
        publisher.publishSafely("r/1", "second", true, 2);
        publisher.publishSafely("r/2", "other", true, 3);
        hub.crash();
        RawClient subscriber = hub.client("c");
        subscriber.subscribe(1, "r/1");
        Published message = subscriber.message();
        assertThat(message.payload()).isEqualTo("second");
        assertThat(message.retain()).isTrue();
        subscriber.subscribe(1, "r/2");
        assertThat(subscriber.message().payload()).isEqualTo("other");
    }

    @Test
    public void a_retained_message_for_a_new_subscription_of_a_persistent_session_is_kept_for_it() throws IOException {
        hub.client("p").publishSafely("r", "retained", true, 1);
        RawClient client = persistent("c");
        client.subscribe(1, "r");
        assertThat(client.message().retain()).isTrue();
        hub.crash();
        Published again = persistent("c").message();
        assertThat(again.payload()).isEqualTo("retained");
        assertThat(again.retain()).isTrue();
    }

    @Test
    public void a_will_is_published_although_its_client_went_with_the_hub() throws IOException {
        persistent("watcher").subscribe(1, "wills");
        hub.client(new Connect("dead").will("wills", "gone", 1, false));
        hub.client(new Connect("polite").will("wills", "not gone", 1, false)).send(Packets.DISCONNECT);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 2);
        hub.client("p").publishSafely("sync", "what was before is written", false, 1);
        hub.crash();
        RawClient watcher = persistent("watcher");
        assertThat(watcher.message().payload()).isEqualTo("gone");
        watcher.expectNothing();
        hub.client("p").publishSafely("sync", "what was before is written", false, 1);
        hub.crash();
        RawClient again = persistent("watcher");
        assertThat(again.message().payload()).as("not acknowledged").isEqualTo("gone");
        again.expectNothing();
    }

    @Test
    public void a_qos_2_publish_that_was_received_is_known_after_the_crash() throws IOException {
        persistent("subscriber").subscribe(2, "t");
        byte[] publish = Packets.publish("t", "once".getBytes(StandardCharsets.UTF_8), 2, false, 7);
        RawClient publisher = persistent("p");
        publisher.send(publish);
        publisher.expect(RawClient.PUBREC, 7);
        hub.crash();
        RawClient again = persistent("p");
        again.send(Packets.again(publish));
        again.expect(RawClient.PUBREC, 7);
        again.send(Packets.pubrel(7));
        again.expect(RawClient.PUBCOMP, 7);
        RawClient subscriber = persistent("subscriber");
        subscriber.take(subscriber.message());
        subscriber.expectNothing();
        hub.client("other").publishSafely("sync", "what was before is written", false, 1);
        hub.crash();
        RawClient third = persistent("p");
        third.send(publish);
        third.expect(RawClient.PUBREC, 7);
        assertThat(persistent("subscriber").message().payload())
                .as("the id was released: a new message")
                .isEqualTo("once");
    }

    @Test
    public void a_qos_2_delivery_goes_on_where_it_was_with_its_packet_id() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(2, "t");
        RawClient publisher = hub.client("p");
        for (int i = 1; i <= 3; i++) {
            publisher.publishOnce("t", "m" + i, false, i);
        }
        Published one = client.message();
        Published two = client.message();
        Published three = client.message();
        client.send(Packets.pubrec(one.id()));
        client.expect(RawClient.PUBREL, one.id());
        client.take(two);
        await().until(() -> journal().waiting() == 1);
        hub.client("p").publishSafely("sync", "what was before is written", false, 1);
        hub.crash();
        RawClient again = persistent("c");
        again.expect(RawClient.PUBREL, one.id());
        assertThat(again.message()).isEqualTo(new Published("t", "m3", 2, false, true, three.id()));
        again.send(Packets.pubcomp(one.id()));
        again.take(new Published("t", "m3", 2, false, true, three.id()));
        again.expectNothing();
    }

    @Test
    public void a_backlog_larger_than_memory_may_hold_comes_whole_and_in_order() throws IOException {
        persistent("c").subscribe(1, "t");
        RawClient publisher = hub.client("p");
        int messages = 5_000;
        String padding = "x".repeat(500);
        for (int i = 0; i < messages; i++) {
            publisher.publishSafely("t", i + padding, false, 1 + i % 65_000);
        }
        hub.crash();
        RawClient client = persistent("c");
        for (int i = 0; i < messages; i++) {
            Published message = client.message();
            assertThat(message.payload()).isEqualTo(i + padding);
            client.send(Packets.puback(message.id()));
        }
        client.expectNothing();
        await().atMost(Duration.ofSeconds(5)).until(() -> journal().waiting() == 0);
    }

    /** Nothing is left for it, and nothing is asked for again and again. */
    @Test
    public void a_session_that_has_caught_up_is_quiet_after_it_comes_back() throws IOException {
        persistent("c").subscribe(1, "t");
        hub.client("c").close();
        RawClient client = persistent("c");
        client.subscribe(1, "t");
        RawClient publisher = hub.client("p");
        for (int i = 0; i < 500; i++) {
            publisher.publishSafely("t", "m" + i, false, i + 1);
        }
        for (int i = 0; i < 500; i++) {
            client.send(Packets.puback(client.message().id()));
        }
        await().until(() -> journal().waiting() == 0);
        RawClient again = persistent("c");
        again.expectNothing();
        long before = Asked.questions(journal());
        await().during(Duration.ofMillis(300)).until(() -> Asked.questions(journal()) <= before + 1);
        publisher.publishSafely("t", "next", false, 600);
        assertThat(again.message().payload()).isEqualTo("next");
    }

    @Test
    public void a_full_window_that_was_not_acknowledged_comes_again_before_what_waits() throws IOException {
        RawClient client = persistent("c");
        client.subscribe(1, "t");
        int window = HubFixture.defaults().window();
        RawClient publisher = hub.client("p");
        for (int i = 0; i < window + 400; i++) {
            publisher.publishSafely("t", "m" + i, false, i + 1);
        }
        Published[] first = new Published[window];
        for (int i = 0; i < window; i++) {
            first[i] = client.message();
        }
        client.expectNothing();
        client.close();
        RawClient again = persistent("c");
        for (int i = 0; i < window; i++) {
            assertThat(again.message()).isEqualTo(new Published("t", "m" + i, 1, false, true, first[i].id()));
        }
        again.expectNothing();
        for (int i = 0; i < window; i++) {
            again.send(Packets.puback(first[i].id()));
        }
        for (int i = window; i < window + 400; i++) {
            Published message = again.message();
            assertThat(message.payload()).isEqualTo("m" + i);
            again.send(Packets.puback(message.id()));
        }
    }

    @Test
    public void of_retained_messages_the_last_one_holds_whatever_their_qos() throws IOException {
        RawClient publisher = hub.client("p");
        for (int i = 0; i < 20; i++) {
            publisher.send(Packets.publish("r", ("safe" + i).getBytes(StandardCharsets.UTF_8), 1, true, i + 1));
            publisher.send(Packets.publish("r", ("fast" + i).getBytes(StandardCharsets.UTF_8), 0, true, 0));
        }
        hub.client("q").publishSafely("sync", "all is written", false, 1);
        for (int i = 0; i < 20; i++) {
            publisher.expect(4);
        }
        publisher.expectNothing();
        RawClient subscriber = hub.client("c");
        subscriber.subscribe(1, "r");
        assertThat(subscriber.message().payload()).isEqualTo("fast19");
        hub.client("q").publishSafely("sync", "all is written", false, 2);
        hub.crash();
        RawClient again = hub.client("c");
        again.subscribe(1, "r");
        assertThat(again.message().payload()).isEqualTo("fast19");
    }
}
