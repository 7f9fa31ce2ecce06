package io.openedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.NaiveMatcher;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** Retained messages in memory, compared with a slow matcher. */
public class MemoryRetainedStoreTest {
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final MemoryRetainedStore store = new MemoryRetainedStore(1_000, budget);

    private static Message message(String topic, String payload) {
        return new Message(topic(topic), payload.getBytes(StandardCharsets.UTF_8), 1);
    }

    private static Topic topic(String name) {
        return Topic.parse(name, TopicLimits.DEFAULT).orElseThrow();
    }

    private Map<String, String> find(String filter) {
        Map<String, String> found = new HashMap<>();
        store.match(
                TopicFilter.parse(filter, TopicLimits.DEFAULT).orElseThrow(),
                message -> found.put(message.topic().name(), new String(message.payload(), StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    public void it_finds_what_the_naive_matcher_finds() {
        Random random = new Random(42);
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            String topic = NaiveMatcher.topic(random);
            if (random.nextInt(3) == 0) {
                store.remove(topic(topic));
                expected.remove(topic);
            } else if (store.put(message(topic, "m" + round))) {
                expected.put(topic, "m" + round);
            } else {
                expected.remove(topic);
            }
            if (round % 20 == 0) {
                String filter = NaiveMatcher.filter(random);
                Map<String, String> naive = new HashMap<>(expected);
                naive.keySet().removeIf(name -> !NaiveMatcher.matches(filter, name));
                assertThat(find(filter)).as(filter).isEqualTo(naive);
            }
        }
        expected.keySet().forEach(name -> store.remove(topic(name)));
        assertThat(find("#")).isEmpty();
        assertThat(budget.used()).isZero();
    }

    @Test
    public void a_full_store_keeps_what_it_has_and_says_so() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(store.put(message("t/" + i, "x"))).isTrue();
        }
        assertThat(store.put(message("one-more", "x"))).isFalse();
        assertThat(store.put(message("t/1", "new"))).isTrue();
        assertThat(find("+/1")).isEqualTo(Map.of("t/1", "new"));
    }

    @Test
    public void a_message_that_cannot_be_replaced_for_want_of_memory_is_forgotten_not_wrong() {
        assertThat(store.put(message("t", "old"))).isTrue();
        assertThat(store.put(message("t", "x".repeat(1 << 20)))).isFalse();
        assertThat(find("t")).isEmpty();
        assertThat(budget.used()).isZero();
    }
}
