package io.openedge.hub.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** The trie of filters, compared with a slow matcher. */
public class FilterTrieTest {
    private final FilterTrie<String> trie = new FilterTrie<>();

    private static TopicFilter filter(String text) {
        return TopicFilter.parse(text, TopicLimits.NONE).orElseThrow();
    }

    private static Topic topic(String name) {
        return Topic.parse(name, TopicLimits.NONE).orElseThrow();
    }

    /** Adds and removes at random, and compares every match with the slow matcher. */
    @Test
    public void it_finds_what_the_naive_matcher_finds() {
        Random random = new Random(20240607);
        Map<String, Map<String, Integer>> expected = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            String filter = NaiveMatcher.filter(random);
            String who = "client" + random.nextInt(5);
            if (random.nextInt(3) == 0) {
                trie.remove(filter(filter), who);
                expected.getOrDefault(filter, new HashMap<>()).remove(who);
            } else {
                int qos = random.nextInt(2);
                trie.add(filter(filter), who, qos);
                expected.computeIfAbsent(filter, f -> new HashMap<>()).put(who, qos);
            }
            if (round % 10 == 0) {
                String topic = NaiveMatcher.topic(random);
                assertThat(trie.match(topic(topic))).as(topic).isEqualTo(naive(expected, topic));
            }
        }
    }

    private static Map<String, Integer> naive(Map<String, Map<String, Integer>> filters, String topic) {
        Map<String, Integer> found = new HashMap<>();
        filters.forEach((filter, clients) -> {
            if (NaiveMatcher.matches(filter, topic)) {
                clients.forEach((client, qos) -> found.merge(client, qos, Math::max));
            }
        });
        return found;
    }

    @Test
    public void nothing_is_left_when_all_filters_are_gone() {
        Random random = new Random(7);
        for (int round = 0; round < 1_000; round++) {
            trie.add(filter(NaiveMatcher.filter(random)), "a", 1);
        }
        Random again = new Random(7);
        for (int round = 0; round < 1_000; round++) {
            trie.remove(filter(NaiveMatcher.filter(again)), "a");
        }
        assertThat(trie.empty()).isTrue();
    }

    @Test
    public void removing_what_is_not_there_changes_nothing() {
        trie.add(filter("a/b"), "a", 1);
        trie.remove(filter("a/b"), "other");
        trie.remove(filter("a/b/c"), "a");
        trie.remove(filter("a"), "a");
        assertThat(trie.match(topic("a/b"))).containsOnlyKeys("a");
    }

    /** Quadratic work or recursion would take minutes or the stack. */
    @Test(timeout = 20_000)
    public void many_filters_and_deep_ones_are_no_burden() {
        for (int i = 0; i < 50_000; i++) {
            trie.add(filter("a/+/" + i + "/#"), "client", 0);
            trie.add(filter("shared"), "client" + i, 0);
        }
        TopicFilter deep = filter("/".repeat(60_000) + "#");
        trie.add(deep, "deep", 0);
        assertThat(trie.match(topic("/".repeat(60_000)))).containsKey("deep");
        assertThat(trie.match(topic("shared"))).hasSize(50_000);
        trie.remove(deep, "deep");
        assertThat(trie.match(topic("/".repeat(60_000)))).doesNotContainKey("deep");
    }

    @Test
    public void a_match_during_changes_sees_what_does_not_change() throws InterruptedException {
        trie.add(filter("+/x"), "stays", 1);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 100_000; i++) {
                trie.add(filter("a/x"), "comes", 0);
                trie.remove(filter("a/x"), "comes");
            }
        });
        writer.start();
        while (writer.isAlive()) {
            assertThat(trie.match(topic("a/x"))).containsKey("stays");
        }
        writer.join(Duration.ofSeconds(10).toMillis());
        assertThat(trie.match(topic("a/x"))).containsOnlyKeys("stays");
    }

    @Test
    public void every_change_has_a_new_version() {
        long before = trie.version();
        trie.add(filter("a"), "client", 0);
        long after = trie.version();
        assertThat(after).isNotEqualTo(before);
        trie.remove(filter("a"), "client");
        assertThat(trie.version()).isNotEqualTo(after);
    }
}
