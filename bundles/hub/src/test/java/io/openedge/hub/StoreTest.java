package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.store.MemoryBudget;
import io.openedge.hub.store.SlowDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Rule;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** With a disk that takes its time, or fails: nothing is acknowledged or delivered before it is safe. */
public class StoreTest {
    private static final int WEB = 1;
    private static final int LOOPS = 2;
    private static final int TOPICS = 100;

    private final SlowDisk disk = new SlowDisk();

    @Rule
    public final HubFixture hub =
            new HubFixture(HubFixture.config(List.of("tcp://127.0.0.1:0", "ws://127.0.0.1:0/mqtt")), disk);

    private static byte[] publish(String payload, int qos, int id) {
        return Packets.publish("t", payload.getBytes(StandardCharsets.UTF_8), qos, false, id);
    }

    private long received(int qos) {
        return hub.server().broker().counters().received().messages(qos);
    }

    private void untilReceived(int qos, long count) {
        await().atMost(Duration.ofSeconds(5)).until(() -> received(qos) == count);
    }

    private void untilWorking() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !hub.server().broker().journal().failing());
    }

    @Test
    public void a_message_is_acknowledged_and_delivered_once_it_is_safe_in_the_order_it_came() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        disk.hold();
        publisher.send(publish("one", 1, 1));
        publisher.send(publish("two", 1, 2));
        publisher.expectNothing();
        subscriber.expectNothing();
        disk.open();
        assertThat(publisher.expect(4).body()).isEqualTo(new byte[] {0, 1});
        assertThat(publisher.expect(4).body()).isEqualTo(new byte[] {0, 2});
        assertThat(subscriber.message().payload()).isEqualTo("one");
        assertThat(subscriber.message().payload()).isEqualTo("two");
    }

    @Test
    public void a_full_disk_acknowledges_nothing_and_when_there_is_space_again_the_hub_serves() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        disk.fill();
        publisher.send(publish("lost", 1, 1));
        publisher.expectClosed();
        assertThat(hub.server().broker().journal().failing()).isTrue();
        hub.client("other").publish("t", "qos 0 goes on");
        assertThat(subscriber.message().payload()).isEqualTo("qos 0 goes on");
        disk.open();
        untilWorking();
        hub.client("publisher").publishSafely("t", "served", false, 2);
        assertThat(subscriber.message().payload()).isEqualTo("served");
    }

    @Test
    public void a_message_that_became_safe_after_its_publisher_went_is_still_delivered() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        RawClient publisher = hub.client("publisher");
        disk.hold();
        publisher.send(publish("late", 1, 1));
        untilReceived(1, 1);
        publisher.close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 1);
        disk.open();
        assertThat(subscriber.message().payload()).isEqualTo("late");
    }

    @Test
    public void a_will_of_a_client_that_goes_while_the_disk_is_full_is_published_when_there_is_space_again()
            throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "wills");
        RawClient client = hub.client(new Connect("c").will("wills", "gone", 1, false));
        disk.fill();
        RawClient publisher = hub.client("publisher");
        publisher.send(publish("lost", 1, 1));
        publisher.expectClosed();
        client.close();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> hub.server().broker().counters().connections() == 1);
        subscriber.expectNothing();
        disk.open();
        untilWorking();
        assertThat(subscriber.message().payload()).isEqualTo("gone");
        subscriber.expectNothing();
    }

    @Test
    public void retained_messages_of_two_loops_are_the_same_in_memory_and_on_the_disk() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(LOOPS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int p = 0; p < LOOPS; p++) {
                RawClient publisher = hub.client("publisher" + p);
                String name = "from " + p;
                all.add(threads.submit(() -> retain(publisher, name)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        Map<String, String> before = retained();
        hub.restart();
        assertThat(retained()).hasSize(TOPICS).isEqualTo(before);
    }

    private static Void retain(RawClient publisher, String name) throws IOException {
        for (int round = 0; round < 10; round++) {
            for (int topic = 1; topic <= TOPICS; topic++) {
                byte[] payload = (name + ", " + round).getBytes(StandardCharsets.UTF_8);
                publisher.send(Packets.publish("r/" + topic, payload, 1, true, topic));
            }
            for (int topic = 1; topic <= TOPICS; topic++) {
                publisher.expect(4, topic);
            }
        }
        return null;
    }

    private Map<String, String> retained() throws IOException {
        RawClient reader = hub.client("reader");
        reader.subscribe(0, "r/+");
        Map<String, String> found = new HashMap<>();
        for (int i = 0; i < TOPICS; i++) {
            Published message = reader.message();
            found.put(message.topic(), message.payload());
        }
        reader.expectNothing();
        return found;
    }

    @Test
    public void a_fault_of_the_store_closes_only_those_who_wait_for_it() throws IOException {
        RawClient witness = hub.client("witness");
        witness.subscribe(0, "t");
        disk.fault();
        for (int i = 0; i < 4; i++) {
            RawClient publisher = hub.client("p" + i);
            publisher.send(publish("x", 1, 1));
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
            many.raw(publish("x", 1, i));
        }
        disk.hold();
        publisher.send(many.bytes());
        long weight = limit * new Message(Topic.parse("t", TopicLimits.NONE).orElseThrow(), new byte[1], 1).weight();
        MemoryBudget passing = hub.server().broker().memory().passing();
        await().atMost(Duration.ofSeconds(5)).until(() -> passing.used() == weight);
        hub.client("other").expectNothing();
        assertThat(passing.used()).isEqualTo(weight);
        disk.open();
        untilReceived(1, limit + 50);
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
            disk.hold();
            publisher.send(all.bytes());
            subscriber.expectNothing();
            disk.open();
            for (int i = 1; i <= count; i++) {
                assertThat(subscriber.message().topic()).isEqualTo("t" + i);
            }
            subscriber.expectNothing();
        }
    }

    @Test
    public void pubrec_waits_for_message_and_id_and_pubcomp_for_the_release() throws IOException {
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        disk.hold();
        publisher.send(publish("x", 2, 7));
        publisher.expectNothing();
        disk.open();
        publisher.expect(RawClient.PUBREC, 7);
        disk.hold();
        publisher.send(Packets.pubrel(7));
        publisher.expectNothing();
        disk.open();
        publisher.expect(RawClient.PUBCOMP, 7);
    }

    @Test
    public void a_qos_2_publish_that_comes_again_meanwhile_waits_for_the_first_one_and_is_not_delivered_twice()
            throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(2, "t");
        byte[] publish = publish("once", 2, 7);
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        disk.hold();
        publisher.send(publish);
        untilReceived(2, 1);
        publisher.close();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        again.send(Packets.again(publish));
        again.expectNothing();
        disk.open();
        again.expect(RawClient.PUBREC, 7);
        assertThat(subscriber.message().payload()).isEqualTo("once");
        subscriber.expectNothing();
    }

    @Test
    public void a_qos_2_publish_that_could_not_be_stored_is_a_new_one_when_it_comes_again() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t");
        byte[] publish = publish("once", 2, 7);
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        disk.fill();
        publisher.send(publish);
        publisher.expectClosed();
        disk.open();
        untilWorking();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        again.send(Packets.again(publish));
        again.expect(RawClient.PUBREC, 7);
        assertThat(subscriber.message().payload()).isEqualTo("once");
    }

    @Test
    public void a_release_that_could_not_be_stored_is_tried_again_with_the_next_one() throws IOException {
        RawClient publisher = hub.client(new Packets.Connect("p").persistent());
        publisher.send(publish("x", 2, 7));
        publisher.expect(RawClient.PUBREC, 7);
        disk.fill();
        publisher.send(Packets.pubrel(7));
        publisher.expectClosed();
        disk.open();
        untilWorking();
        RawClient again = hub.client(new Packets.Connect("p").persistent());
        disk.hold();
        again.send(Packets.pubrel(7));
        again.expectNothing();
        disk.open();
        again.expect(RawClient.PUBCOMP, 7);
    }

    @Test
    public void a_will_that_waits_for_the_disk_is_not_published_when_its_right_is_withdrawn() throws IOException {
        RawClient watcher = hub.client("watcher");
        watcher.subscribe(1, "in/#");
        RawClient without =
                hub.client(new Connect("without").user("few", "pass").will("in/x", "forbidden", 1, false));
        RawClient with = hub.client(new Connect("with").will("in/y", "allowed", 1, false));
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger("hub-test");
        Level before = log.getLevel();
        log.setLevel(Level.INFO);
        said.start();
        log.addAppender(said);
        try {
            disk.fill();
            without.close();
            with.close();
            untilSaid(said, "the will of client without waits until the disk takes it");
            untilSaid(said, "the will of client with waits until the disk takes it");
            List<PrincipalConfig> rest = HubFixture.config().principals().stream()
                    .filter(principal -> !principal.username().equals("few"))
                    .toList();
            hub.server().broker().authenticator().replace(rest);
            disk.open();
            assertThat(watcher.message().payload()).isEqualTo("allowed");
            untilSaid(said, "client without may not publish its will any more");
            watcher.expectNothing();
        } finally {
            log.detachAppender(said);
            log.setLevel(before);
        }
    }

    private static void untilSaid(ListAppender<ILoggingEvent> said, String text) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> List.copyOf(said.list).stream()
                        .anyMatch(event -> event.getFormattedMessage().equals(text)));
    }
}
