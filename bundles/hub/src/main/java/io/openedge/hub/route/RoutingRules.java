package io.openedge.hub.route;

import io.openedge.app.InvalidValueException;
import io.openedge.hub.HubConfig.RuleConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules that publish a message again on another topic. Free of duplicates (two rules that would bring one message to the
 * same target) and of cycles. Immutable; any thread.
 */
public final class RoutingRules {
    private final FilterTrie<Rule> bySource = new FilterTrie<>();

    private record Rule(int index, TopicFilter source, Topic target, int qos) {
        String words() {
            return source + " → " + target;
        }
    }

    private RoutingRules(List<Rule> rules) {
        rules.forEach(rule -> bySource.add(rule.source(), rule, rule.qos()));
    }

    /**
     * Checks and takes the rules of a configuration.
     *
     * @throws InvalidValueException names the rule that is no rule, repeats another or closes a cycle
     */
    public static RoutingRules of(List<RuleConfig> configs, TopicLimits limits) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < configs.size(); i++) {
            rules.add(rule(i, configs.get(i), limits));
        }
        refuseDuplicates(rules);
        RoutingRules result = new RoutingRules(rules);
        result.refuseCycles(rules);
        return result;
    }

    /** The same within the usual limits. */
    public static RoutingRules of(List<RuleConfig> configs) {
        return of(configs, TopicLimits.DEFAULT);
    }

    private static Rule rule(int index, RuleConfig config, TopicLimits limits) {
        String source = config.source().topic();
        String target = config.target().topic();
        TopicFilter filter = TopicFilter.parse(source, limits)
                .orElseThrow(() ->
                        new InvalidValueException(key(index) + ".source.topic", source, "a topic filter of " + limits));
        Topic topic = Topic.parse(target, limits)
                .filter(t -> !t.reserved())
                .orElseThrow(() -> new InvalidValueException(
                        key(index) + ".target.topic",
                        target,
                        "a topic without wildcards and without leading $, of " + limits));
        return new Rule(
                index,
                filter,
                topic,
                Math.min(config.source().qos(), config.target().qos()));
    }

    private static String key(int index) {
        return "subscriptions[" + index + "]";
    }

    private static void refuseDuplicates(List<Rule> rules) {
        Map<Topic, List<Rule>> byTarget = new LinkedHashMap<>();
        rules.forEach(rule ->
                byTarget.computeIfAbsent(rule.target(), t -> new ArrayList<>()).add(rule));
        byTarget.values().forEach(RoutingRules::refuseOverlaps);
    }

    /** Plain sources are compared by name, so that only rules with wildcards are compared one by one. */
    private static void refuseOverlaps(List<Rule> sameTarget) {
        Map<String, Rule> plain = new HashMap<>();
        List<Rule> wild = new ArrayList<>();
        for (Rule rule : sameTarget) {
            if (rule.source().plain()) {
                Rule other = plain.putIfAbsent(rule.source().text(), rule);
                if (other != null) {
                    throw duplicate(rule, other);
                }
            } else {
                wild.add(rule);
            }
        }
        for (int i = 0; i < wild.size(); i++) {
            Rule rule = wild.get(i);
            for (Rule other : wild.subList(0, i)) {
                refuseOverlap(rule, other);
            }
            plain.values().forEach(other -> refuseOverlap(rule, other));
        }
    }

    private static void refuseOverlap(Rule rule, Rule other) {
        if (rule.source().overlaps(other.source())) {
            throw rule.index() > other.index() ? duplicate(rule, other) : duplicate(other, rule);
        }
    }

    private static InvalidValueException duplicate(Rule rule, Rule other) {
        return new InvalidValueException(
                key(rule.index()),
                rule.words(),
                "a rule that does not take the same messages to the same topic as " + key(other.index()) + " ("
                        + other.words() + ")");
    }

    /** Takes away, again and again, the rules that nothing leads to; what remains is a cycle or behind one. */
    private void refuseCycles(List<Rule> rules) {
        int[] ways = new int[rules.size()];
        rules.forEach(rule -> next(rule).forEach(after -> ways[after.index()]++));
        Deque<Rule> free = new ArrayDeque<>();
        rules.stream().filter(rule -> ways[rule.index()] == 0).forEach(free::add);
        int taken = 0;
        for (Rule rule = free.poll(); rule != null; rule = free.poll()) {
            taken++;
            for (Rule after : next(rule)) {
                if (--ways[after.index()] == 0) {
                    free.add(after);
                }
            }
        }
        if (taken < rules.size()) {
            throw cycle(rules, ways);
        }
    }

    private Iterable<Rule> next(Rule rule) {
        return bySource.match(rule.target()).keySet();
    }

    /** Walks back from a rule that remained, always to one that remained and leads to it, until one comes twice. */
    private InvalidValueException cycle(List<Rule> rules, int[] ways) {
        Map<Rule, Rule> before = new HashMap<>();
        List<Rule> left = rules.stream().filter(rule -> ways[rule.index()] > 0).toList();
        left.forEach(rule -> next(rule).forEach(after -> before.putIfAbsent(after, rule)));
        List<Rule> walk = new ArrayList<>();
        Rule rule = left.get(left.size() - 1);
        while (!walk.contains(rule)) {
            walk.add(rule);
            rule = before.getOrDefault(rule, rule);
        }
        List<String> words = new ArrayList<>();
        for (Rule step : walk.subList(walk.indexOf(rule), walk.size())) {
            words.add(0, step.words());
        }
        return new InvalidValueException(
                key(rule.index()),
                rule.words(),
                "a rule that does not lead a message back to itself; the cycle: " + String.join(", ", words));
    }

    /**
     * Every topic that a message of the given one reaches over rules, with the highest QoS that gets there. Each topic
     * once, however many ways lead to it.
     */
    Map<Topic, Integer> reach(Topic start) {
        Map<Topic, Integer> reached = new LinkedHashMap<>();
        Deque<Topic> toFollow = new ArrayDeque<>(List.of(start));
        for (Topic from = toFollow.poll(); from != null; from = toFollow.poll()) {
            int limit = from.equals(start) ? Integer.MAX_VALUE : reached.get(from);
            for (Rule rule : bySource.match(from).keySet()) {
                int qos = Math.min(limit, rule.qos());
                if (reached.getOrDefault(rule.target(), -1) < qos) {
                    reached.put(rule.target(), qos);
                    toFollow.add(rule.target());
                }
            }
        }
        return reached;
    }
}
