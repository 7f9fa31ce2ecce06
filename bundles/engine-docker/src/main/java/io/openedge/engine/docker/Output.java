package io.openedge.engine.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one run of a container writes, line by line in the gateway's log under {@code service.SERVICE.INSTANCE}. After a loss
 * of the daemon it goes on behind the last line. Thread rule: the library's thread feeds it, any thread closes.
 */
final class Output {
    /** The longest time in front of a line. */
    private static final int STAMP = 40;

    private final Logger logger;
    private final Feed<Frame> feed;
    private volatile Instant last;
    private volatile String lastLine = "";
    private volatile String lastComplaint = "";

    /** @param after lines of that time or before are known already */
    Output(String service, String instance, Instant after) {
        this.logger = LoggerFactory.getLogger("service." + service + "." + instance);
        this.feed = new Feed<>(frame -> heard(frame, after));
        this.last = after;
    }

    Feed<Frame> feed() {
        return feed;
    }

    /** Hears what the daemon did not send before its stream ended: mostly a last line that nothing ended. */
    Feed<Frame> rest() {
        Instant known = last;
        return new Feed<>(frame -> heard(frame, known));
    }

    /** The time of the last line. */
    Instant last() {
        return last;
    }

    /** Its last line; that of standard error, when there is one: the daemon mixes the two as they come. */
    String lastWords() {
        return lastComplaint.isEmpty() ? lastLine : lastComplaint;
    }

    /** A frame is a line, or a part of one that is longer than the daemon takes at once; its time stands before it. */
    private void heard(Frame frame, Instant after) {
        String text = new String(frame.getPayload(), StandardCharsets.UTF_8);
        int blank = text.indexOf(' ');
        if (blank > 0 && blank < STAMP) {
            try {
                Instant time = Instant.parse(text.substring(0, blank));
                if (!time.isAfter(after)) {
                    return;
                }
                last = time;
                text = text.substring(blank + 1);
            } catch (DateTimeParseException e) {
                logger.trace("no time in front", e);
            }
        }
        boolean error = frame.getStreamType() == StreamType.STDERR;
        text.stripTrailing().lines().forEach(line -> say(error, line));
    }

    private void say(boolean error, String line) {
        String words = line.strip();
        if (words.isEmpty()) {
            return;
        }
        if (error) {
            lastComplaint = words;
            logger.warn("{}", line);
        } else {
            lastLine = words;
            logger.info("{}", line);
        }
    }
}
