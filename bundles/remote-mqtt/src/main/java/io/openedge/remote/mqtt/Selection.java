package io.openedge.remote.mqtt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which topics are a session's: those that its subscriptions match, without what another session has. A session that was
 * kept may still bring what an older configuration subscribed to. Thread rule: the session's thread.
 */
final class Selection {
    private static final int MOST_REMEMBERED = 1_000;

    private final List<TopicFilter> mine;
    private final List<TopicFilter> others;
    private final Map<String, Boolean> known = new HashMap<>();

    /** @param mine filters; they have been checked, as the others' */
    Selection(List<String> mine, List<String> others) {
        this.mine = filters(mine);
        this.others = filters(others);
    }

    private static List<TopicFilter> filters(List<String> texts) {
        return texts.stream().map(text -> TopicFilter.parse(text).orElseThrow()).toList();
    }

    boolean contains(String topic) {
        Boolean answer = known.get(topic);
        if (answer == null) {
            answer = mine.stream().anyMatch(each -> each.matches(topic))
                    && others.stream().noneMatch(each -> each.matches(topic));
            if (known.size() >= MOST_REMEMBERED) {
                known.clear();
            }
            known.put(topic, answer);
        }
        return answer;
    }
}
