package io.openedge.hub.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** Permits with places for names. */
public class PrincipalTest {
    private static TopicFilter filter(String text) {
        return TopicFilter.parse(text, TopicLimits.NONE).orElseThrow();
    }

    private static Principal principal(String name, String... permits) {
        List<TopicFilter> filters =
                Stream.of(permits).map(PrincipalTest::filter).toList();
        return new Principal(name, 0, filters, filters);
    }

    private static boolean publishes(Principal principal, String topic) {
        return principal.mayPublish(Topic.parse(topic, TopicLimits.NONE).orElseThrow());
    }

    @Test
    public void places_become_username_and_client_id() {
        Principal ann = principal("ann", "home/%u/+", "dev-%c/#").as("c1");
        assertThat(publishes(ann, "home/ann/x")).isTrue();
        assertThat(publishes(ann, "home/bob/x")).isFalse();
        assertThat(publishes(ann, "home/%u/x")).isFalse();
        assertThat(ann.maySubscribe(filter("dev-c1/#"))).isTrue();
        assertThat(ann.maySubscribe(filter("dev-c2/#"))).isFalse();
    }

    @Test
    public void a_name_with_a_wildcard_or_separator_grants_nothing() {
        for (String name : new String[] {"+", "#", "a/b", "x/#", "+/+", "a/", "/"}) {
            Principal odd = principal(name, "%u", "home/%u", "home/%u/x").as("c");
            assertThat(odd.subscribe()).as(name).isEmpty();
            Principal oddClient = principal("ann", "%c", "home/%c", "free").as(name);
            assertThat(oddClient.publish()).as(name).containsExactly(filter("free"));
        }
    }

    @Test
    public void a_name_is_not_filled_in_again() {
        Principal tricky = principal("%c", "home/%u").as("secret");
        assertThat(publishes(tricky, "home/%c")).isTrue();
        assertThat(publishes(tricky, "home/secret")).isFalse();
        assertThat(publishes(principal("$1\\", "home/%u").as("c"), "home/$1\\")).isTrue();
    }

    @Test
    public void no_name_leads_to_topics_of_the_hub() {
        assertThat(principal("$SYS", "%u/#").as("c").maySubscribe(filter("$SYS/#")))
                .isFalse();
    }
}
