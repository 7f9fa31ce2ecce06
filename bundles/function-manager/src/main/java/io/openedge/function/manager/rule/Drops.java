package io.openedge.function.manager.rule;

import io.openedge.function.manager.pool.Loop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Counts messages that are lost and says so at most once a minute. Any thread. */
final class Drops {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final Loop loop;
    private final Logger log;
    private final String rule;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextWord;

    Drops(Loop loop, Logger log, String rule) {
        this.loop = loop;
        this.log = log;
        this.rule = rule;
        this.nextWord = new AtomicLong(loop.nanos());
    }

    void count(String reason) {
        long all = count.incrementAndGet();
        long now = loop.nanos();
        long next = nextWord.get();
        if (now - next >= 0 && nextWord.compareAndSet(next, now + PAUSE)) {
            log.warn("rule {}: messages of QoS 0 are lost, {} so far: {}", rule, all, reason);
        }
    }

    /** Says how many there were, at the end. */
    void sum() {
        if (count.get() > 0) {
            log.warn("rule {}: {} messages of QoS 0 were lost", rule, count.get());
        }
    }
}
