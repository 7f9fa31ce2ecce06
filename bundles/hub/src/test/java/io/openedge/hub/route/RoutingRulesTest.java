package io.openedge.hub.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.InvalidValueException;
import io.openedge.hub.HubConfig.Endpoint;
import io.openedge.hub.HubConfig.RuleConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which routing rules are refused, and where the others lead. */
public class RoutingRulesTest {
    private static RuleConfig rule(String source, String target) {
        return rule(source, 1, target, 1);
    }

    private static RuleConfig rule(String source, int sourceQos, String target, int targetQos) {
        return new RuleConfig(new Endpoint(source, sourceQos), new Endpoint(target, targetQos));
    }

    private static RoutingRules rules(RuleConfig... rules) {
        return RoutingRules.of(Arrays.asList(rules));
    }

    private static Topic topic(String name) {
        return Topic.parse(name, TopicLimits.DEFAULT).orElseThrow();
    }

    private static void refused(String part, RuleConfig... rules) {
        assertThatThrownBy(() -> rules(rules))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(part);
    }

    @Test
    public void the_same_rule_twice_is_refused() {
        refused("subscriptions[1]", rule("a", "b"), rule("a", "b"));
    }

    @Test
    public void two_rules_that_take_one_message_to_one_target_are_refused_wildcards_included() {
        refused("subscriptions[0] (a/b → x)", rule("a/b", "x"), rule("a/+", "x"));
        refused("subscriptions[0] (a/+ → x)", rule("a/+", "x"), rule("a/b", "x"));
        refused("subscriptions[0] (a/# → x)", rule("a/#", "x"), rule("+/b", "x"));
    }

    @Test
    public void a_cycle_is_refused_and_named() {
        refused("the cycle: a → b, b → c, c → a", rule("a", "b"), rule("b", "c"), rule("c", "a"), rule("a", "other"));
    }

    @Test
    public void a_cycle_over_wildcards_is_refused() {
        refused("#", rule("#", "a"));
        refused("a/+ → b/x", rule("a/+", "b/x"), rule("b/#", "a/y"));
    }

    @Test
    public void a_wildcard_or_a_dollar_topic_is_no_target() {
        refused("target.topic", rule("a", "b/+"));
        refused("target.topic", rule("a", "$SYS/b"));
        refused("source.topic", rule("a#", "b"));
    }

    @Test
    public void a_routed_message_is_routed_again_with_the_lowest_qos_on_its_way() {
        RoutingRules rules = rules(rule("a", 1, "b", 1), rule("b", 1, "c", 0), rule("c", 1, "d", 1));
        assertThat(rules.reach(topic("a"))).isEqualTo(Map.of(topic("b"), 1, topic("c"), 0, topic("d"), 0));
    }

    @Test
    public void a_topic_that_two_ways_lead_to_is_reached_once_by_the_better_one() {
        RoutingRules rules = rules(rule("a", "b"), rule("a", 0, "c", 0), rule("b", "d"), rule("c", "d"));
        assertThat(rules.reach(topic("a"))).isEqualTo(Map.of(topic("b"), 1, topic("c"), 0, topic("d"), 1));
    }

    @Test(timeout = 20_000)
    public void ten_thousand_rules_load_and_a_long_cycle_among_them_is_found() {
        List<RuleConfig> chain = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            chain.add(rule("t/" + i, "t/" + (i + 1)));
        }
        assertThat(RoutingRules.of(chain).reach(topic("t/0"))).hasSize(10_000);
        chain.add(rule("t/10000", "t/0"));
        assertThatThrownBy(() -> RoutingRules.of(chain)).hasMessageContaining("the cycle");
    }
}
