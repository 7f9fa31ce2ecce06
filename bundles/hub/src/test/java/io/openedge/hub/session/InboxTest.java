package io.openedge.hub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The queue between loops. */
public class InboxTest {
    private static final int THREADS = 4;
    private static final int EACH = 50_000;

    /** Each producer's messages come out in its order, and none is lost. */
    @Test(timeout = 30_000)
    public void many_threads_add_and_one_takes() throws InterruptedException {
        Inbox inbox = new Inbox();
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < THREADS; p++) {
            Topic topic = Topic.parse("p" + p, TopicLimits.DEFAULT).orElseThrow();
            producers.add(new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    inbox.add(new Delivery(
                            new Message(topic, Integer.toString(i).getBytes(StandardCharsets.UTF_8), 0), 0, false, 0));
                }
            }));
        }
        producers.forEach(Thread::start);
        Map<Topic, Integer> next = new HashMap<>();
        for (int taken = 0; taken < THREADS * EACH; ) {
            Delivery delivery = inbox.poll();
            if (delivery == null) {
                Thread.onSpinWait();
                continue;
            }
            int number = Integer.parseInt(new String(delivery.message().payload(), StandardCharsets.UTF_8));
            assertThat(number).isEqualTo(next.merge(delivery.message().topic(), 1, Integer::sum) - 1);
            inbox.taken(1, delivery.message().weight());
            taken++;
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(inbox.idle()).isTrue();
    }

    @Test
    public void what_was_taken_does_not_hold_what_came_later() {
        Inbox inbox = new Inbox();
        Topic topic = Topic.parse("t", TopicLimits.DEFAULT).orElseThrow();
        Delivery first = new Delivery(new Message(topic, new byte[0], 1), 1, false, 0);
        inbox.add(first);
        inbox.add(new Delivery(new Message(topic, new byte[0], 1), 1, false, 0));
        assertThat(inbox.poll()).isSameAs(first);
        assertThat(inbox.poll()).isNotNull();
        assertThat(first.next).isNull();
    }

    @Test
    public void only_the_first_to_add_is_told_to_wake_the_owner() {
        Inbox inbox = new Inbox();
        Topic topic = Topic.parse("t", TopicLimits.DEFAULT).orElseThrow();
        Message message = new Message(topic, new byte[0], 1);
        assertThat(inbox.add(new Delivery(message, 1, false, 0))).isTrue();
        assertThat(inbox.add(new Delivery(message, 1, false, 0))).isFalse();
        inbox.poll();
        assertThat(inbox.taken(1, message.weight())).isTrue();
    }

    @Test
    public void number_and_weight_are_told_apart() {
        Inbox inbox = new Inbox();
        Topic topic = Topic.parse("t", TopicLimits.DEFAULT).orElseThrow();
        Message heavy = new Message(topic, new byte[1_000_000], 1);
        for (int i = 0; i < 5; i++) {
            inbox.add(new Delivery(heavy, 1, false, 0));
        }
        assertThat(inbox.exceeds(6, 6_000_000)).isFalse();
        assertThat(inbox.exceeds(5, 6_000_000)).isTrue();
        assertThat(inbox.exceeds(6, 5_000_000)).isTrue();
        inbox.taken(5, 5L * heavy.weight());
        assertThat(inbox.idle()).isTrue();
    }
}
