package io.openedge.function.python;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs what user code raised: each text once a minute, with how often it came since it was said last. Of more than a
 * hundred different texts the oldest are forgotten. Any thread.
 */
final class Tracebacks {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 100;

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<String, Said> known = new LinkedHashMap<>(); // guarded by this

    private static final class Said {
        private long at;
        private int more;
    }

    Tracebacks(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    void say(String text) {
        int more = toSay(text);
        if (more > 0) {
            log.error("{} times more since it was said last: {}", more, text);
        } else if (more == 0) {
            log.error(text);
        }
    }

    /** How often it was not said before; -1 when it is not to be said now. */
    private synchronized int toSay(String text) {
        long now = nanoTime.getAsLong();
        Said said = known.get(text);
        if (said != null && now - said.at < PAUSE) {
            said.more++;
            return -1;
        }
        int more = said == null ? 0 : said.more;
        Said next = new Said();
        next.at = now;
        known.remove(text);
        known.put(text, next);
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
        return more;
    }

    /** Says, at the end, how often errors came that were not said. */
    void sum() {
        int more;
        synchronized (this) {
            more = known.values().stream().mapToInt(said -> said.more).sum();
            known.clear();
        }
        if (more > 0) {
            log.error("errors of functions that were said before came {} times more", more);
        }
    }
}
