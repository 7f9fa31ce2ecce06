package io.openedge.hub.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** Filters against topics and against filters, exhaustively over a small alphabet. */
public class TopicFilterTest {
    private static final List<String> FILTERS = filters();
    private static final List<String> TOPICS = NaiveMatcher.all(5, "a", "b", "", "$s");

    /** With the empty topic, which nobody can publish to but which stands above {@code /#}. */
    private static final List<String> FORMAL_TOPICS =
            Stream.concat(TOPICS.stream(), Stream.of("")).toList();

    private static List<String> filters() {
        List<String> filters = NaiveMatcher.all(3, "a", "+", "", "$s", "#");
        filters.removeIf(text -> TopicFilter.parse(text, TopicLimits.NONE).isEmpty());
        return filters;
    }

    private static TopicFilter filter(String text) {
        return TopicFilter.parse(text, TopicLimits.NONE).orElseThrow();
    }

    private static Topic topic(String name) {
        return Topic.parse(name, TopicLimits.NONE).orElseThrow();
    }

    @Test
    public void one_level_does_not_grant_all_levels() {
        assertThat(filter("a/+").covers(filter("a/#"))).isFalse();
        assertThat(filter("a/#").covers(filter("a/+"))).isTrue();
        assertThat(filter("a/+/#").covers(filter("a/#"))).as("a itself").isFalse();
        assertThat(filter("+/#").covers(filter("#"))).isTrue();
        assertThat(filter("#").covers(filter("$SYS/#"))).isFalse();
        assertThat(filter("+").covers(filter("a/b"))).isFalse();
    }

    @Test
    public void a_filter_covers_another_exactly_when_it_matches_all_its_topics() {
        for (String permit : FILTERS) {
            for (String wish : FILTERS) {
                boolean every = FORMAL_TOPICS.stream()
                        .filter(topic -> NaiveMatcher.matches(wish, topic))
                        .allMatch(topic -> NaiveMatcher.matches(permit, topic));
                assertThat(filter(permit).covers(filter(wish)))
                        .as("%s covers %s", permit, wish)
                        .isEqualTo(every);
            }
        }
    }

    @Test
    public void two_filters_overlap_exactly_when_a_topic_matches_both() {
        for (String one : FILTERS) {
            for (String other : FILTERS) {
                boolean common = FORMAL_TOPICS.stream()
                        .anyMatch(topic -> NaiveMatcher.matches(one, topic) && NaiveMatcher.matches(other, topic));
                assertThat(filter(one).overlaps(filter(other)))
                        .as("%s and %s", one, other)
                        .isEqualTo(common);
            }
        }
    }

    @Test
    public void a_filter_matches_what_the_specification_says() {
        for (String filter : FILTERS) {
            for (String topic : TOPICS) {
                assertThat(filter(filter).matches(topic(topic)))
                        .as("%s matches %s", filter, topic)
                        .isEqualTo(NaiveMatcher.matches(filter, topic));
            }
        }
    }

    @Test
    public void what_is_no_filter_is_refused() {
        for (String text : List.of("", "a#", "#/a", "a/#/b", "a+", "+a/b", "a/b+/c", "a\0b", "##", "++")) {
            assertThat(TopicFilter.parse(text, TopicLimits.NONE)).as(text).isEmpty();
        }
    }

    @Test
    public void limits_hold_for_topics_and_filters() {
        assertThat(Topic.parse("1/2/3/4/5/6/7/8/9", TopicLimits.DEFAULT)).isPresent();
        assertThat(Topic.parse("1/2/3/4/5/6/7/8/9/", TopicLimits.DEFAULT)).isEmpty();
        assertThat(TopicFilter.parse("/".repeat(9), TopicLimits.DEFAULT)).isEmpty();
        assertThat(Topic.parse("x".repeat(255), TopicLimits.DEFAULT)).isPresent();
        assertThat(Topic.parse("x".repeat(256), TopicLimits.DEFAULT)).isEmpty();
        assertThat(TopicFilter.parse("é".repeat(255), TopicLimits.DEFAULT)).isPresent();
    }

    @Test
    public void a_topic_has_no_wildcards_and_is_not_empty() {
        for (String text : List.of("", "a/+", "#", "a#b", "a\0b")) {
            assertThat(Topic.parse(text, TopicLimits.NONE)).as(text).isEmpty();
        }
    }
}
