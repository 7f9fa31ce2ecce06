package io.openedge.hub.route;

import java.util.List;
import java.util.Optional;

/**
 * A topic filter: levels, of which {@code +} stands for one and a last {@code #} for any number. Immutable; equal by text.
 */
public final class TopicFilter {
    private static final String ONE = "+";
    private static final String REST = "#";

    private static final int OVERHEAD = 256;
    private static final int LEVEL = 200;

    private final String text;
    private final List<String> levels;

    private TopicFilter(String text, List<String> levels) {
        this.text = text;
        this.levels = List.copyOf(levels);
    }

    /** Empty when the text is no filter: empty, too long, with U+0000 or with a wildcard where none may be. */
    public static Optional<TopicFilter> parse(String text, TopicLimits limits) {
        if (text.isEmpty() || text.indexOf('\0') >= 0 || limits.exceededBy(text)) {
            return Optional.empty();
        }
        List<String> levels = Topic.split(text);
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean plain = level.indexOf('+') < 0 && level.indexOf('#') < 0;
            boolean wildcard = level.equals(ONE) || level.equals(REST) && i == levels.size() - 1;
            if (!plain && !wildcard) {
                return Optional.empty();
            }
        }
        return Optional.of(new TopicFilter(text, levels));
    }

    /** True when it is the name of one topic. */
    public boolean plain() {
        return text.indexOf('+') < 0 && text.indexOf('#') < 0;
    }

    /** True when the topic is one of those that the filter stands for. */
    public boolean matches(Topic topic) {
        return covers(new TopicFilter(topic.name(), topic.levels()));
    }

    /** True when this filter matches every topic that the other one matches. */
    public boolean covers(TopicFilter other) {
        if (leadingWildcard() && other.text.charAt(0) == '$') {
            return false;
        }
        if (other.text.equals(REST)) {
            return text.equals(REST) || text.equals("+/#");
        }
        for (int i = 0; i < levels.size(); i++) {
            String mine = levels.get(i);
            if (mine.equals(REST)) {
                return true;
            }
            if (i >= other.levels.size() || !coversLevel(mine, other.levels.get(i))) {
                return false;
            }
        }
        return other.levels.size() == levels.size();
    }

    private static boolean coversLevel(String mine, String theirs) {
        return mine.equals(ONE) ? !theirs.equals(REST) : mine.equals(theirs);
    }

    /** True when there is a topic that both filters match. */
    public boolean overlaps(TopicFilter other) {
        if (leadingWildcard() && other.text.charAt(0) == '$' || other.leadingWildcard() && text.charAt(0) == '$') {
            return false;
        }
        int common = Math.min(levels.size(), other.levels.size());
        for (int i = 0; i < common; i++) {
            String mine = levels.get(i);
            String theirs = other.levels.get(i);
            if (mine.equals(REST) || theirs.equals(REST)) {
                return true;
            }
            if (!mine.equals(ONE) && !theirs.equals(ONE) && !mine.equals(theirs)) {
                return false;
            }
        }
        return levels.size() == other.levels.size() || restAt(common) || other.restAt(common);
    }

    /** {@code a/#} also matches {@code a}. */
    private boolean restAt(int level) {
        return levels.size() == level + 1 && levels.get(level).equals(REST);
    }

    private boolean leadingWildcard() {
        return text.charAt(0) == '+' || text.charAt(0) == '#';
    }

    List<String> levels() {
        return levels;
    }

    /** What a subscription to it costs, roughly. Unit: bytes. */
    public int weight() {
        return OVERHEAD + levels.size() * LEVEL + text.length() * 2;
    }

    /** The filter as written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter filter && filter.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
