package io.openedge.engine.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.openedge.directory.OutputLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one run of a container writes, in the log of its instance. After a loss of the daemon it goes on behind the last line.
 * Thread rule: a thread of the library feeds it, any thread closes.
 */
final class Output implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Output.class);
    /** The longest time in front of a line. */
    private static final int STAMP = 40;

    private final OutputLog log; // guarded by this
    private final Feed<Frame> feed;
    private boolean released; // guarded by this
    private volatile Instant last;
    private volatile String lastComplaint = "";

    /** @param after lines of that time or before are known already */
    Output(OutputLog log, Instant after) {
        this.log = log;
        this.feed = new Feed<>(new Lines(after)::heard);
        this.last = after;
    }

    Feed<Frame> feed() {
        return feed;
    }

    /** Hears what the daemon did not send before its stream ended: mostly a last line that nothing ended. */
    Feed<Frame> rest() {
        return new Feed<>(new Lines(last)::heard);
    }

    /** The time of the last line. */
    Instant last() {
        return last;
    }

    /** Its last line; that of standard error, when there is one: the daemon mixes the two as they come. */
    String lastWords() {
        return lastComplaint.isEmpty() ? log.lastLine() : lastComplaint;
    }

    /** The run has ended: the file is closed. What is heard later still gets into it. */
    synchronized void release() {
        released = true;
        log.close();
    }

    @Override
    public void close() {
        feed.close();
        release();
    }

    private void write(byte[] bytes, boolean error) {
        if (error) {
            new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> lastComplaint = line);
        }
        synchronized (this) {
            log.write(bytes, bytes.length);
            if (released) {
                log.close(); // it opens its file when it writes
            }
        }
    }

    /** One stream of it: what is known already is passed over. One thread. */
    private final class Lines {
        private final Instant after;
        private boolean known;

        private Lines(Instant after) {
            this.after = after;
        }

        /** A frame is a line with its time before it; of one that is longer than a frame, the later parts have none. */
        private void heard(Frame frame) {
            byte[] bytes = frame.getPayload();
            int blank = 0;
            while (blank < Math.min(STAMP, bytes.length) && bytes[blank] != ' ') {
                blank++;
            }
            int from = 0;
            try {
                Instant time = Instant.parse(new String(bytes, 0, blank, StandardCharsets.US_ASCII));
                known = !time.isAfter(after);
                last = known ? last : time;
                from = Math.min(blank + 1, bytes.length);
            } catch (DateTimeParseException e) {
                LOG.trace("no time in front", e);
            }
            if (!known) {
                write(Arrays.copyOfRange(bytes, from, bytes.length), frame.getStreamType() == StreamType.STDERR);
            }
        }
    }
}
