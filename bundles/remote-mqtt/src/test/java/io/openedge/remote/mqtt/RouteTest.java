package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.mqtt.MqttSubscription;
import java.util.List;
import org.junit.Test;

/** Topics of one direction. */
public class RouteTest {
    private static final List<MqttSubscription> ALL =
            List.of(new MqttSubscription("a/#", 1), new MqttSubscription("a/b/+", 2));

    @Test
    public void stripAndPrefix() {
        Route route = new Route(ALL, "a/", "x/", null);

        assertThat(route.rename("a/b")).isEqualTo("x/b");
        assertThat(route.rename("b/a/")).isEqualTo("x/b/a/");
        assertThat(new Route(ALL, "a/", null, null).rename("a/")).isEmpty();
        assertThat(new Route(ALL, null, null, null).rename("a")).isEqualTo("a");
        assertThat(new Route(ALL, null, "x/", null).rename("a".repeat(65_533))).hasSize(65_535);
        assertThat(new Route(ALL, null, "x/", null).rename("a".repeat(65_534))).isEmpty();
        assertThat(new Route(ALL, null, "x/", null).rename("\u4f60".repeat(21_845)))
                .isEmpty();
    }

    @Test
    public void aClassHasItsFilterWithTheHighestQosAndTheRestHasTheRest() {
        Route route = new Route(ALL, null, null, List.of("a/b/alarm", "a/b/+"));

        assertThat(route.subscriptions(0)).isEqualTo(ALL);
        assertThat(route.subscriptions(1)).containsExactly(new MqttSubscription("a/b/alarm", 2));
        assertThat(route.subscriptions(2)).containsExactly(new MqttSubscription("a/b/+", 2));
        assertThat(route.subscriptions(3)).isEmpty();
        for (String topic : List.of("a/b/alarm", "a/b/c", "a/b", "a", "b")) {
            long takers = java.util.stream.IntStream.rangeClosed(0, 3)
                    .filter(number -> route.selection(number).contains(topic))
                    .count();
            assertThat(takers).as(topic).isEqualTo(topic.equals("b") ? 0 : 1);
        }
        assertThat(route.selection(1).contains("a/b/alarm")).isTrue();
        assertThat(route.selection(2).contains("a/b/c")).isTrue();
        assertThat(route.selection(0).contains("a/b")).isTrue();
    }

    @Test
    public void filtersMatchAsMqttSays() {
        matches("a/#", "a", "a/b", "a/b/c", "!b", "!$SYS/a");
        matches("#", "a", "/", "!$SYS/a");
        matches("+/b", "a/b", "/b", "!b", "!a/b/c", "!$a/b");
        matches("$SYS/#", "$SYS/a", "!a");
        matches("$share/group/a/+", "a/b", "!a");
        assertThat(TopicFilter.parse("")).isEmpty();
        assertThat(TopicFilter.parse("a/#/b")).isEmpty();
        assertThat(TopicFilter.parse("a/b+")).isEmpty();
        assertThat(TopicFilter.parse("a#")).isEmpty();
        assertThat(TopicFilter.parse("$share/group")).isEmpty();
        assertThat(TopicFilter.parse("$share/group/")).isEmpty();
        assertThat(TopicFilter.parse("$share//a")).isEmpty();
        assertThat(TopicFilter.parse("$share/+/a")).isEmpty();
    }

    private static void matches(String filter, String... topics) {
        TopicFilter parsed = TopicFilter.parse(filter).orElseThrow();
        for (String topic : topics) {
            boolean not = topic.startsWith("!");
            assertThat(parsed.matches(topic.substring(not ? 1 : 0)))
                    .as("%s and %s", filter, topic)
                    .isEqualTo(!not);
        }
    }
}
