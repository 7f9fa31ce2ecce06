package io.openedge.function.manager.pool;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs failures that come again and again: each once, then how often it came at most every minute. Of more than a hundred
 * different ones the oldest are forgotten. Owned by the loop.
 */
public final class Repeats {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST = 100;

    private final Loop loop;
    private final Logger log;
    private final Map<String, Said> known = new LinkedHashMap<>();

    private static final class Said {
        private int more;
    }

    public Repeats(Loop loop, Logger log) {
        this.loop = loop;
        this.log = log;
    }

    /** @param text what happened; numbers in it make no difference */
    public void warn(String text) {
        String key = text.replaceAll("[0-9]+", "#");
        Said before = known.get(key);
        if (before != null) {
            before.more++;
            return;
        }
        log.warn("{}", text);
        if (known.size() >= MOST) {
            known.remove(known.keySet().iterator().next());
        }
        Said said = new Said();
        known.put(key, said);
        loop.schedule(PAUSE, () -> look(key, text, said));
    }

    private void look(String key, String text, Said said) {
        if (known.get(key) != said) {
            return;
        }
        if (said.more == 0) {
            known.remove(key);
            return;
        }
        log.warn("{} ({} times more)", text, said.more);
        said.more = 0;
        loop.schedule(PAUSE, () -> look(key, text, said));
    }
}
