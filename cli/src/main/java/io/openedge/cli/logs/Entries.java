package io.openedge.cli.logs;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets those lines pass whose logger is wanted, with the indented lines that belong to them: the rest of a message, a
 * stack trace. Knows the text and the JSON form of the gateway's logs; what is neither has the empty logger. Thread rule:
 * one at a time.
 */
final class Entries implements Consumer<String> {
    private static final Pattern TEXT =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (?:TRACE|DEBUG|INFO|WARN|ERROR) +\\[.*?] (\\S+) - .*");
    /** A quote inside a text is escaped: this can only be the key. */
    private static final Pattern JSON = Pattern.compile("\"loggerName\":\"([^\"\\\\]*)\"");

    private final Predicate<String> wanted;
    private final Consumer<String> lines;
    private final long skip;
    private long count;
    private boolean passes;

    /**
     * @param wanted loggers
     * @param skip how many entries are left out at the start
     * @param lines hears what passes
     */
    Entries(Predicate<String> wanted, long skip, Consumer<String> lines) {
        this.wanted = wanted;
        this.skip = skip;
        this.lines = lines;
    }

    /** The loggers of a service, in the log of the gateway. */
    static Predicate<String> ofService(String service) {
        return logger -> logger.startsWith("service." + service + ".");
    }

    /** All but the loggers of other services, in a file that a service names as its own. */
    static Predicate<String> notOfOthers(String service) {
        return ofService(service).or(logger -> !logger.startsWith("service."));
    }

    @Override
    public void accept(String line) {
        boolean more = line.startsWith("\t") || line.startsWith(" ");
        if (!more) {
            passes = wanted.test(logger(line));
            if (passes) {
                count++;
            }
        }
        if (passes && count > skip) {
            lines.accept(line);
        }
    }

    /** How many wanted entries there were. */
    long count() {
        return count;
    }

    private static String logger(String line) {
        if (line.startsWith("{")) {
            Matcher json = JSON.matcher(line);
            return json.find() ? json.group(1) : "";
        }
        Matcher text = TEXT.matcher(line);
        return text.matches() ? text.group(1) : "";
    }
}
