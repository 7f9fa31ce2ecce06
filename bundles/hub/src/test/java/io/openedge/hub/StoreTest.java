package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.route.Message;
import io.openedge.hub.session.Broker;
import io.openedge.hub.store.MessageStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Rule;
import org.junit.Test;

/** With a store that takes its time: nothing is acknowledged or delivered before it is safe. */
public class StoreTest {
    private static final int WEB = 1;

    private final List<CompletableFuture<Void>> appended = new CopyOnWriteArrayList<>();
    private volatile boolean faulty;
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final MessageStore slow = new MessageStore() {
        @Override
        public CompletableFuture<Void> append(Message message) {
            if (faulty) {
                throw new IllegalStateException("a fault");
            }
            CompletableFuture<Void> stored = new CompletableFuture<>();
            appended.add(stored);
            return stored;
        }

        @Override
        public CompletableFuture<Void> appendOnce(Message message, String clientId, int packetId) {
            ids.add("in " + clientId + " " + packetId);
            return append(message);
        }

        @Override
        public CompletableFuture<Void> release(String clientId, int packetId) {
            ids.add("out " + clientId + " " + packetId);
            CompletableFuture<Void> stored = new CompletableFuture<>();
            appended.add(stored);
            return stored;
        }
    };

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(List.of("tcp://127.0.0.1:0", "ws://127.0.0.1:0/mqtt")),
            HubFixture.defaults(),
            broker -> new Broker(
                    broker.authenticator(),
                    broker.router(),
                    slow,
                    broker.sessions(),
                    broker.retained(),
                    broker.memory(),
                    broker.claims(),
                    broker.limits(),
                    broker.counters(),
                    broker.log()));

    private void appended(int count) {
        await().atMost(Duration.ofSeconds(5)).until(() -> appended.size() == count);
    }

    @Test
    public void a_message_is_acknowledged_and_delivered_once_it_is_safe_in_the_order_it_came() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        publisher.send(Packets.publish("t", "one".getBytes(StandardCharsets.UTF_8), 1, false, 1));
        publisher.send(Packets.publish("t", "two".getBytes(StandardCharsets.UTF_8), 1, false, 2));
        appended(2);
        appended.get(1).complete(null);
        publisher.expectNothing();
        subscriber.expectNothing();
        appended.get(0).complete(null);
        assertThat(publisher.expect(4).body()).isEqualTo(new byte[] {0, 1});
        assertThat(publisher.expect(4).body()).isEqualTo(new byte[] {0, 2});
        assertThat(subscriber.message().payload()).isEqualTo("one");
        assertThat(subscriber.message().payload()).isEqualTo("two");
    }

    @Test
    public void a_message_that_cannot_be_stored_is_not_acknowledged_and_the_connection_closed() throws IOException {
        RawClient publisher = hub.client("publisher");
        publisher.send(Packets.publish("t", "one".getBytes(StandardCharsets.UTF_8), 1, false, 1));
        appended(1);
        appended.get(0).completeExceptionally(new IOException("disk full"));
        publisher.expectClosed();
    }

    @Test
    public void a_message_that_became_safe_after_its_publisher_went_is_still_delivered() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        publisher.send(Packets.publish("t", "late".getBytes(StandardCharsets.UTF_8), 1, false, 1));
        appended(1);
        publisher.close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 1);
        appended.get(0).complete(null);
        assertThat(subscriber.message().payload()).isEqualTo("late");
    }

    @Test
    public void a_fault_of_the_store_closes_only_the_connection_that_met_it() throws IOException {
        RawClient witness = hub.client("witness");
        witness.subscribe(0, "t");
        faulty = true;
        for (int i = 0; i < 4; i++) {
            RawClient publisher = hub.client(new Packets.Connect("p" + i).will("wills", "faulty too", 1, false));
            publisher.send(Packets.publish("t", new byte[1], 1, false, 1));
            publisher.expectClosed();
        }
        hub.client("other").publish("t", "all loops live");
        assertThat(witness.message().payload()).isEqualTo("all loops live");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().claims().size() == 2);
    }

    @Test
    public void a_publisher_waits_when_too_much_of_its_own_is_not_safe() throws IOException {
        RawClient publisher = hub.client("publisher");
        int limit = HubFixture.defaults().unsafe();
        Packets.Body many = new Packets.Body();
        for (int i = 1; i <= limit + 50; i++) {
            many.raw(Packets.publish("t", new byte[1], 1, false, i));
        }
        publisher.send(many.bytes());
        appended(limit);
        RawClient other = hub.client("other");
        other.expectNothing();
        assertThat(appended).hasSize(limit);
        appended.forEach(stored -> stored.complete(null));
        appended(limit + 50);
    }

    @Test
    public void what_a_web_client_sent_before_its_close_is_served_though_it_has_to_wait() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(0, "#");
        int count = HubFixture.defaults().unsafe() + 50;
        Packets.Body all = new Packets.Body();
        for (int i = 1; i <= count; i++) {
            all.raw(WebClient.frame(
                    WebClient.FIN | WebClient.BINARY, Packets.publish("t" + i, new byte[1], 1, false, i)));
        }
        all.raw(WebClient.frame(WebClient.FIN | WebClient.BINARY, Packets.DISCONNECT));
        all.raw(WebClient.frame(WebClient.FIN | WebClient.CLOSE, (byte) 3, (byte) 0xe8));
        try (WebClient publisher = new WebClient(hub.address(WEB))) {
            publisher.login(new Packets.Connect("publisher").will("gone", "it", 0, false));
            publisher.send(all.bytes());
            appended(HubFixture.defaults().unsafe());
            appended.forEach(stored -> stored.complete(null));
            appended(count);
            appended.forEach(stored -> stored.complete(null));
            for (int i = 1; i <= count; i++) {
                assertThat(subscriber.message().topic()).isEqualTo("t" + i);
            }
            subscriber.expectNothing();
        }
    }

    @Test
    public void pubrec_waits_for_message_and_id_and_pubcomp_for_the_release() throws IOException {
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        publisher.send(Packets.publish("t", "x".getBytes(StandardCharsets.UTF_8), 2, false, 7));
        appended(1);
        publisher.expectNothing();
        appended.get(0).complete(null);
        publisher.expect(RawClient.PUBREC, 7);
        publisher.send(Packets.pubrel(7));
        appended(2);
        publisher.expectNothing();
        appended.get(1).complete(null);
        publisher.expect(RawClient.PUBCOMP, 7);
        assertThat(ids).containsExactly("in p 7", "out p 7");
    }

    @Test
    public void a_qos_2_publish_that_comes_again_meanwhile_waits_for_the_first_one_and_is_not_stored_twice()
            throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(2, "t");
        byte[] publish = Packets.publish("t", "once".getBytes(StandardCharsets.UTF_8), 2, false, 7);
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        publisher.send(publish);
        appended(1);
        publisher.close();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        again.send(Packets.again(publish));
        again.expectNothing();
        appended.get(0).complete(null);
        again.expect(RawClient.PUBREC, 7);
        assertThat(subscriber.message().payload()).isEqualTo("once");
        subscriber.expectNothing();
        assertThat(ids).containsExactly("in p 7");
    }

    @Test
    public void a_qos_2_publish_that_could_not_be_stored_is_a_new_one_when_it_comes_again() throws IOException {
        byte[] publish = Packets.publish("t", "once".getBytes(StandardCharsets.UTF_8), 2, false, 7);
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        publisher.send(publish);
        appended(1);
        appended.get(0).completeExceptionally(new IOException("disk full"));
        publisher.expectClosed();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        again.send(Packets.again(publish));
        appended(2);
        appended.get(1).complete(null);
        again.expect(RawClient.PUBREC, 7);
    }

    @Test
    public void a_release_that_could_not_be_stored_is_tried_again_with_the_next_one() throws IOException {
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        publisher.send(Packets.publish("t", "x".getBytes(StandardCharsets.UTF_8), 2, false, 7));
        appended(1);
        appended.get(0).complete(null);
        publisher.expect(RawClient.PUBREC, 7);
        publisher.send(Packets.pubrel(7));
        appended(2);
        appended.get(1).completeExceptionally(new IOException("disk full"));
        publisher.expectClosed();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        again.send(Packets.pubrel(7));
        appended(3);
        again.expectNothing();
        appended.get(2).complete(null);
        again.expect(RawClient.PUBCOMP, 7);
    }
}
