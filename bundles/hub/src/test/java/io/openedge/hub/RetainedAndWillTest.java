package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Retained messages and last wills. */
public class RetainedAndWillTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    private Published retainedOf(String topic) throws IOException {
        RawClient client = hub.client("");
        client.subscribe(1, topic);
        return client.message();
    }

    private void nothingRetainedOn(String topic) throws IOException {
        RawClient client = hub.client("");
        client.subscribe(1, topic);
        client.expectNothing();
    }

    @Test
    public void a_retained_message_meets_later_subscribers_and_only_them_with_the_flag() throws IOException {
        RawClient before = hub.client("before");
        before.subscribe(1, "t");
        hub.client("publisher").publishSafely("t", "kept", true, 1);
        assertThat(before.message().retain()).isFalse();
        assertThat(retainedOf("t").retain()).isTrue();
        assertThat(retainedOf("+").payload()).isEqualTo("kept");
    }

    @Test
    public void a_retained_message_comes_with_the_lower_qos() throws IOException {
        hub.client("publisher").publishSafely("t", "kept", true, 1);
        RawClient low = hub.client("low");
        low.subscribe(0, "t");
        assertThat(low.message().qos()).isZero();
        assertThat(retainedOf("t").qos()).isEqualTo(1);
    }

    @Test
    public void an_empty_retained_publish_deletes_and_an_empty_plain_one_does_not() throws IOException {
        RawClient publisher = hub.client("publisher");
        publisher.publishSafely("t", "kept", true, 1);
        publisher.publishSafely("t", "", false, 2);
        assertThat(retainedOf("t").payload()).isEqualTo("kept");
        publisher.publishSafely("t", "", true, 3);
        nothingRetainedOn("t");
    }

    @Test
    public void a_forbidden_subscription_gets_no_retained_message() throws IOException {
        hub.client("publisher").publishSafely("secret", "kept", true, 1);
        RawClient few = hub.client(new Connect("few").user("few", "pass"));
        few.subscribe(1, "#");
        few.expectNothing();
    }

    @Test
    public void every_one_of_many_retained_messages_arrives() throws IOException {
        RawClient publisher = hub.client("publisher");
        for (int i = 0; i < 15_000; i++) {
            publisher.send(Packets.publish("many/" + i, "x".getBytes(StandardCharsets.UTF_8), 0, true, 0));
        }
        publisher.expectNothing();
        RawClient client = hub.client("client");
        client.subscribe(0, "many/+");
        for (int i = 0; i < 15_000; i++) {
            assertThat(client.message().retain()).isTrue();
        }
        client.expectNothing();
    }

    @Test
    public void a_will_is_published_when_the_connection_breaks() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(1, "wills");
        hub.client(new Connect("c").will("wills", "gone", 1, false)).close();
        assertThat(watcher.message()).isEqualTo(new Published("wills", "gone", 1, false, false, 1));
    }

    @Test
    public void a_will_is_not_published_after_disconnect() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(1, "wills");
        RawClient client = hub.client(new Connect("c").will("wills", "gone", 1, false));
        client.send(Packets.DISCONNECT);
        client.expectClosed();
        watcher.expectNothing();
    }

    @Test
    public void a_will_is_published_on_take_over_and_on_a_protocol_error() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(0, "wills/#");
        hub.client(new Connect("c").will("wills/1", "taken over", 0, false));
        RawClient young = hub.client(new Connect("c").will("wills/2", "rude", 0, false));
        assertThat(watcher.message().payload()).isEqualTo("taken over");
        young.send(new Connect("again").bytes());
        young.expectClosed();
        assertThat(watcher.message().payload()).isEqualTo("rude");
    }

    @Test
    public void a_silent_client_is_closed_after_one_and_a_half_keep_alive_and_its_will_published() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(0, "wills");
        long start = System.nanoTime();
        RawClient silent = hub.client(new Connect("c").keepAlive(1).will("wills", "silent", 0, false));
        silent.expectClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(1400), Duration.ofSeconds(4));
        assertThat(watcher.message().payload()).isEqualTo("silent");
    }

    @Test
    public void a_client_that_pings_stays() throws IOException {
        RawClient client = hub.client(new Connect("c").keepAlive(1));
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(400))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    client.expectNothing();
                    return System.nanoTime() - start > Duration.ofSeconds(3).toNanos();
                });
    }

    @Test
    public void bytes_of_an_unfinished_packet_do_not_keep_a_connection_alive() throws IOException {
        RawClient client = hub.client(new Connect("c").keepAlive(1));
        client.send(new byte[] {0x30, 0x7f});
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(5))
                .until(() -> {
                    try {
                        client.send(new byte[] {1});
                        return false;
                    } catch (IOException expected) {
                        return true;
                    }
                });
    }

    @Test
    public void a_retained_will_is_kept() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(0, "wills");
        hub.client(new Connect("c").will("wills", "gone", 0, true)).close();
        assertThat(watcher.message().payload()).isEqualTo("gone");
        assertThat(retainedOf("wills").payload()).isEqualTo("gone");
    }
}
