package io.openedge.hub.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The name of a topic. Immutable; equal by name. */
public final class Topic {
    private final String name;
    private final byte[] wire;

    private Topic(String name) {
        this.name = name;
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        wire = new byte[utf8.length + 2];
        wire[0] = (byte) (utf8.length >>> 8);
        wire[1] = (byte) utf8.length;
        System.arraycopy(utf8, 0, wire, 2, utf8.length);
    }

    /** Empty when the text is no topic name: empty, too long, with a wildcard or with U+0000. */
    public static Optional<Topic> parse(String name, TopicLimits limits) {
        boolean wrong = name.isEmpty()
                || name.indexOf('+') >= 0
                || name.indexOf('#') >= 0
                || name.indexOf('\0') >= 0
                || limits.exceededBy(name);
        return wrong ? Optional.empty() : Optional.of(new Topic(name));
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The name as an MQTT string: two bytes of length, then UTF-8. Not to be changed. */
    public byte[] wire() {
        return wire;
    }

    /** True for names that belong to the hub and that no leading wildcard matches. */
    public boolean reserved() {
        return name.charAt(0) == '$';
    }

    List<String> levels() {
        return split(name);
    }

    static List<String> split(String text) {
        List<String> levels = new ArrayList<>();
        int from = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', from)) {
            levels.add(text.substring(from, slash));
            from = slash + 1;
        }
        levels.add(text.substring(from));
        return levels;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topic topic && topic.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
