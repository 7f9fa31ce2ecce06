package io.openedge.hub.route;

/**
 * How long topics and filters may be.
 *
 * @param characters of the whole text (UTF-16 units)
 * @param slashes in it
 */
public record TopicLimits(int characters, int slashes) {
    /** The hub's rule. */
    public static final TopicLimits DEFAULT = new TopicLimits(255, 8);

    /** What MQTT allows; for configured texts. */
    public static final TopicLimits NONE = new TopicLimits(65_535, 65_535);

    boolean exceededBy(String text) {
        return text.length() > characters || slashes(text) > slashes;
    }

    @Override
    public String toString() {
        return "at most " + characters + " characters and " + slashes + " slashes";
    }

    private static int slashes(String text) {
        int count = 0;
        for (int at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
            count++;
        }
        return count;
    }
}
