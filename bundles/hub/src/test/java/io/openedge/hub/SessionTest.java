package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Clean and persistent sessions, take-over, redelivery. */
public class SessionTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    private int present(Connect connect) throws IOException {
        return hub.open().connect(connect).body()[0];
    }

    private void leave(RawClient client) throws IOException {
        client.send(Packets.DISCONNECT);
        client.expectClosed();
    }

    @Test
    public void session_present_is_said_when_there_is_one_and_only_then() throws IOException {
        assertThat(present(new Connect("c").persistent())).isZero();
        assertThat(present(new Connect("c").persistent())).isEqualTo(1);
        assertThat(present(new Connect("c"))).as("clean").isZero();
        assertThat(present(new Connect("c").persistent())).as("after clean").isZero();
    }

    @Test
    public void a_persistent_session_gets_what_came_while_the_client_was_away() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        leave(client);
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= 500; i++) {
            publisher.publishSafely("t", "m" + i, false, i);
        }
        RawClient again = hub.client(new Connect("c").persistent());
        for (int i = 1; i <= 500; i++) {
            Published message = again.message();
            assertThat(message.payload()).isEqualTo("m" + i);
            assertThat(message.again()).isFalse();
            again.send(Packets.puback(message.id()));
        }
        again.expectNothing();
    }

    @Test
    public void qos_0_is_not_kept_for_an_absent_client() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        leave(client);
        RawClient publisher = hub.client("publisher");
        publisher.publish("t", "lost");
        publisher.publishSafely("t", "kept", false, 1);
        assertThat(hub.client(new Connect("c").persistent()).message().payload())
                .isEqualTo("kept");
    }

    @Test
    public void what_was_not_acknowledged_comes_again_in_order_with_its_id_and_dup() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        List<Published> first = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            publisher.publishSafely("t", "m" + i, false, i);
            first.add(client.message());
        }
        client.send(Packets.puback(first.get(1).id()));
        client.expectNothing();
        client.close();

        RawClient again = hub.client(new Connect("c").persistent());
        for (int i : new int[] {0, 2, 3, 4}) {
            Published before = first.get(i);
            assertThat(again.message()).isEqualTo(new Published("t", before.payload(), 1, false, true, before.id()));
        }
        again.expectNothing();
    }

    @Test
    public void a_take_over_closes_the_old_connection_and_keeps_the_persistent_session() throws IOException {
        RawClient old = hub.client(new Connect("c").persistent());
        old.subscribe(1, "t");
        RawClient young = hub.client(new Connect("c").persistent());
        old.expectClosed();
        hub.client("publisher").publishSafely("t", "for the young", false, 1);
        assertThat(young.message().payload()).isEqualTo("for the young");
    }

    /** The clean-up of an old session must never touch what the new one subscribed. */
    @Test
    public void take_overs_in_a_loop_leave_the_last_subscription_in_place() throws IOException {
        List<RawClient> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RawClient client = hub.client("same");
            client.send(Packets.subscribe(1, 1, "t"));
            all.add(client);
        }
        RawClient last = hub.client("same");
        last.subscribe(1, "t");
        for (RawClient old : all) {
            readToTheEnd(old);
        }
        hub.client("publisher").publishSafely("t", "still here", false, 1);
        assertThat(last.message().payload()).isEqualTo("still here");
        assertThat(hub.server().broker().claims().size()).isEqualTo(2);
    }

    private static void readToTheEnd(RawClient client) throws IOException {
        try {
            client.expect(9);
            client.expectClosed();
        } catch (EOFException | SocketException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    public void nothing_is_left_of_clean_sessions() throws IOException {
        for (int i = 0; i < 50; i++) {
            RawClient client = hub.client("c" + i);
            client.subscribe(0, "t/" + i);
            client.close();
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(hub.server().broker().claims().size()).isZero());
        assertThat(hub.server().broker().counters().connections()).isZero();
    }

    @Test
    public void a_session_is_not_inherited_by_another_principal() throws IOException {
        RawClient client = hub.client(new Connect("c").persistent());
        client.subscribe(1, "#");
        leave(client);
        RawClient other = hub.open();
        Connect connect = new Connect("c").user("few", "pass").persistent();
        assertThat(other.connect(connect).body()).isEqualTo(new byte[] {0, 0});
        hub.client("publisher").publishSafely("secret", "x", false, 1);
        other.expectNothing();
    }

    @Test
    public void unsubscribed_is_unsubscribed() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "a");
        client.subscribe(0, "b");
        client.send(Packets.unsubscribe(9, "a"));
        assertThat(client.expect(11).body()).isEqualTo(new byte[] {0, 9});
        RawClient publisher = hub.client("publisher");
        publisher.publish("a", "no");
        publisher.publish("b", "yes");
        assertThat(client.message().payload()).isEqualTo("yes");
    }

    @Test
    public void overlapping_subscriptions_bring_one_copy_with_the_highest_qos() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "a/#");
        client.subscribe(1, "a/+");
        client.subscribe(0, "a/b");
        hub.client("publisher").publishSafely("a/b", "once", false, 1);
        assertThat(client.message().qos()).isEqualTo(1);
        client.expectNothing();
    }

    @Test
    public void a_delivery_has_the_lower_qos_of_publish_and_subscription() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "low");
        client.subscribe(1, "high");
        RawClient publisher = hub.client("publisher");
        publisher.publishSafely("low", "x", false, 1);
        assertThat(client.message().qos()).isZero();
        publisher.publish("high", "x");
        assertThat(client.message().qos()).isZero();
    }

    @Test
    public void packets_sent_right_behind_connect_are_served_in_order() throws IOException {
        RawClient client = hub.open();
        Packets.Body all = new Packets.Body()
                .raw(new Connect("c").bytes())
                .raw(Packets.subscribe(3, 0, "t"))
                .raw(Packets.publish("t", "self".getBytes(StandardCharsets.UTF_8), 0, false, 0))
                .raw(Packets.PINGREQ);
        client.send(all.bytes());
        client.expect(2);
        client.expect(9);
        assertThat(client.message().payload()).isEqualTo("self");
        client.expect(13);
    }
}
