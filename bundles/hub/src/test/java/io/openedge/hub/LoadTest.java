package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import io.openedge.hub.store.Journal;
import java.io.IOException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Clients that do not read, and the others who must not notice. */
public class LoadTest {
    private static final int WAITING_QOS0 = 200;
    private static final int WINDOW = 5;
    private static final int WAITING_QOS1 = 50;

    @Rule
    public final HubFixture hub = new HubFixture(
                    HubFixture.config(),
                    HubFixture.limits(Duration.ofSeconds(10), 1_000, WAITING_QOS0, WINDOW, WAITING_QOS1))
            .storing(WAITING_QOS1);

    private long dropped(int qos) {
        return hub.server().broker().counters().dropped(qos);
    }

    @Test
    public void a_subscriber_that_does_not_read_loses_new_qos_0_messages_and_stops_nobody() throws IOException {
        RawClient stuck = hub.open(4 * 1024);
        stuck.connect(new Connect("stuck"));
        stuck.subscribe(0, "t");
        RawClient healthy = hub.client("healthy");
        healthy.subscribe(0, "t");
        RawClient publisher = hub.client("publisher");
        String payload = "x".repeat(30_000);
        int sent = 0;
        while (dropped(0) < 10) {
            publisher.publish("t", payload);
            assertThat(healthy.message().payload()).hasSize(30_000);
            assertThat(sent++).as("messages until the buffer is full").isLessThan(5_000);
        }
        for (int i = 1; i <= 20; i++) {
            publisher.publishSafely("t", "acknowledged all the same", false, i);
            healthy.message();
        }
    }

    @Test
    public void a_subscriber_that_does_not_acknowledge_gets_a_window_and_then_waits() throws IOException {
        RawClient lazy = hub.client("lazy");
        lazy.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        for (int i = 1; i <= WINDOW + WAITING_QOS1 + 7; i++) {
            publisher.publishSafely("t", "m" + i, false, i);
        }
        Published[] window = new Published[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            window[i] = lazy.message();
        }
        lazy.expectNothing();
        await().atMost(Duration.ofSeconds(5)).until(() -> dropped(1) == 7);
        lazy.send(Packets.puback(window[0].id()));
        assertThat(lazy.message().payload()).isEqualTo("m" + (WINDOW + 1));
        lazy.send(Packets.puback(window[0].id() == 1 ? 2 : 1));
        assertThat(lazy.message().payload()).isEqualTo("m" + (WINDOW + 2));
    }

    @Test
    public void an_absent_session_keeps_a_bounded_number_and_counts_the_rest() throws IOException {
        RawClient away = hub.client(new Connect("away").persistent());
        away.subscribe(1, "t");
        away.close();
        RawClient publisher = hub.client("publisher");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 1);
        for (int i = 1; i <= 200; i++) {
            publisher.publishSafely("t", "m" + i, false, i);
        }
        Journal journal = hub.server().broker().journal();
        await().atMost(Duration.ofSeconds(5)).until(() -> journal.overflowed() == 200 - WAITING_QOS1);
        assertThat(journal.waiting()).isEqualTo(WAITING_QOS1);
        assertThat(hub.server().broker().memory().waiting().used())
                .as("none of it is in memory")
                .isZero();
        RawClient back = hub.client(new Connect("away").persistent());
        for (int i = 1; i <= WAITING_QOS1; i++) {
            Published message = back.message();
            assertThat(message.payload()).isEqualTo("m" + i);
            back.send(Packets.puback(message.id()));
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> journal.waiting() == 0);
    }

    /** The publisher floods and reads none of its acknowledgements; the hub stops reading from it, and from nobody else. */
    @Test
    public void a_publisher_that_does_not_read_its_acknowledgements_stops_only_itself() throws IOException {
        RawClient deaf = hub.open(1024);
        deaf.connect(new Connect("deaf"));
        byte[] publish = Packets.publish("flood", new byte[0], 1, false, 1);
        Packets.Body many = new Packets.Body();
        for (int i = 0; i < 5_000; i++) {
            many.raw(publish);
        }
        byte[] batch = many.bytes();
        Thread flood = new Thread(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    deaf.send(batch);
                }
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        });
        flood.start();
        RawClient other = hub.client("other");
        other.subscribe(1, "t");
        for (int i = 1; i <= 300; i++) {
            other.send(Packets.publish("t", new byte[1], 1, false, i));
            int first = other.read().type();
            int second = other.read().type();
            assertThat(first + second).as("an acknowledgement and a message").isEqualTo(7);
            other.send(Packets.puback(1 + (i - 1) % WINDOW));
        }
        deaf.close();
        try {
            flood.join(5_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(flood.isAlive()).isFalse();
    }

    @Test
    public void many_messages_between_many_clients_arrive_in_order_and_complete() throws Exception {
        int each = 20_000;
        RawClient[] subscribers = {hub.client("s1"), hub.client("s2")};
        for (RawClient subscriber : subscribers) {
            subscriber.subscribe(0, "p/+");
        }
        Thread[] publishers = new Thread[2];
        java.util.concurrent.Semaphore window = new java.util.concurrent.Semaphore(100);
        for (int p = 0; p < publishers.length; p++) {
            RawClient publisher = hub.client("p" + p);
            String topic = "p/" + p;
            publishers[p] = new Thread(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        window.acquire();
                        publisher.publish(topic, Integer.toString(i));
                    }
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            publishers[p].start();
        }
        int[][] next = new int[2][2];
        for (int i = 0; i < 2 * each; i++) {
            for (int s = 0; s < 2; s++) {
                Published message = subscribers[s].message();
                int p = message.topic().charAt(2) - '0';
                assertThat(message.payload()).isEqualTo(Integer.toString(next[s][p]++));
            }
            window.release();
        }
        assertThat(dropped(0)).isZero();
    }
}
