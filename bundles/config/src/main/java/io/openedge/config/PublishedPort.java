package io.openedge.config;

import io.openedge.app.InvalidValueException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a service's {@code ports}, in Docker's forms: {@code [[ADDRESS:][HOST]:]CONTAINER[/tcp|udp|sctp]}, where HOST
 * and CONTAINER are a port or a range. Immutable.
 *
 * @param address of the host that listens, without brackets; empty: all
 * @param host the ports of the host; {@link Range#ANY} when the engine picks one
 * @param container the ports that the service itself listens on
 * @param protocol tcp, udp or sctp
 */
public record PublishedPort(String address, Range host, Range container, String protocol) {
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final String RANGE = "\\d{1,5}(?:-\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile("(?:(?:(" + OCTET + "(?:\\." + OCTET
            + "){3}|\\[[0-9a-fA-F:.]+]):)?(" + RANGE + ")?:)?(" + RANGE + ")(?:/(tcp|udp|sctp))?");

    /** @throws InvalidValueException without a key when the text is none of the forms */
    public static PublishedPort parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw invalid(text);
        }
        Range host = range(form.group(2), text);
        Range container = range(form.group(3), text);
        boolean fits = host.equals(Range.ANY) || container.size() == 1 || host.size() == container.size();
        if (!fits || Stream.of(host, container).anyMatch(range -> range.size() < 1) || container.first() == 0) {
            throw invalid(text);
        }
        String address = form.group(1) == null ? "" : form.group(1).replaceAll("[\\[\\]]", "");
        return new PublishedPort(address, host, container, form.group(4) == null ? "tcp" : form.group(4));
    }

    private static Range range(@Nullable String text, String entry) {
        if (text == null) {
            return Range.ANY;
        }
        String[] ends = text.split("-");
        Range range = new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        if (range.first() > Range.MAX || range.last() > Range.MAX) {
            throw invalid(entry);
        }
        return range;
    }

    private static InvalidValueException invalid(String text) {
        return new InvalidValueException(
                "", text, "[[ADDRESS:]HOST:]CONTAINER[/tcp|udp|sctp] with ports from 1 to 65535, such as 1884:1883");
    }

    /** Ports from first to last, both included. */
    public record Range(int first, int last) {
        /** Whichever is free. */
        public static final Range ANY = new Range(0, 0);

        private static final int MAX = 65535;

        /** How many ports. */
        public int size() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }
}
