package io.openedge.remote.mqtt;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A topic filter: levels, of which {@code +} stands for one and a last {@code #} for any number (MQTT 3.1.1, 4.7). A shared
 * subscription counts as the filter in it. Immutable; any thread.
 */
final class TopicFilter {
    private static final String ONE = "+";
    private static final String REST = "#";
    private static final String SHARE = "$share/";
    /** The name of the group has no wildcards; what has none, or no filter behind it, is no shared subscription. */
    private static final Pattern SHARED = Pattern.compile("\\$share/[^/+#]+/(.*)", Pattern.DOTALL);

    private final String text;
    private final String[] levels;

    private TopicFilter(String text) {
        this.text = text;
        this.levels = levels(text);
    }

    /** Empty when the text is no filter. */
    static Optional<TopicFilter> parse(String text) {
        Matcher shared = SHARED.matcher(text);
        String filter = shared.matches() ? shared.group(1) : text;
        if (filter.isEmpty() || filter.startsWith(SHARE) || filter.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        TopicFilter parsed = new TopicFilter(filter);
        for (int i = 0; i < parsed.levels.length; i++) {
            String level = parsed.levels[i];
            boolean wildcard = level.equals(ONE) || level.equals(REST) && i == parsed.levels.length - 1;
            if (!wildcard && (level.contains(ONE) || level.contains(REST))) {
                return Optional.empty();
            }
        }
        return Optional.of(parsed);
    }

    /** @param topic without wildcards */
    boolean matches(String topic) {
        return covers(levels(topic), topic);
    }

    /** Whether it matches every topic that the other one matches. */
    boolean covers(TopicFilter other) {
        return covers(other.levels, other.text);
    }

    private boolean covers(String[] others, String name) {
        boolean leadingWildcard = levels[0].equals(ONE) || levels[0].equals(REST);
        if (leadingWildcard && name.charAt(0) == '$') {
            return false;
        }
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].equals(REST)) {
                return true;
            }
            if (i >= others.length || !coversLevel(levels[i], others[i])) {
                return false;
            }
        }
        return others.length == levels.length;
    }

    private static boolean coversLevel(String mine, String theirs) {
        return mine.equals(ONE) ? !theirs.equals(REST) : mine.equals(theirs);
    }

    private static String[] levels(String text) {
        return text.split("/", -1);
    }
}
