package io.openedge.remote.mqtt;

import io.openedge.module.ModuleContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tells the gateway of the hub's and each remote's state and numbers, as {@code hub} and {@code remotes} in the instance's
 * report, and the log of messages that are lost. Thread rule: one thread.
 */
final class Report {
    private static final long NUMBERS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WORD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ModuleContext context;
    private final Standing hub;
    private final List<Remote> remotes;
    private final Map<String, Long> said = new HashMap<>();
    private Map<String, Object> told = Map.of();
    private Map<String, String> toldStates = Map.of();
    private long nextNumbers;
    private long nextWord;

    Report(ModuleContext context, Standing hub, List<Remote> remotes) {
        this.context = context;
        this.hub = hub;
        this.remotes = remotes;
        this.nextNumbers = System.nanoTime();
        this.nextWord = nextNumbers;
    }

    /**
     * Reports what has changed: a state at once, numbers every five seconds. Warns of losses once a minute. Call it every
     * second or so.
     */
    void look() {
        long now = System.nanoTime();
        Map<String, String> states = new LinkedHashMap<>();
        states.put("", hub.text());
        remotes.forEach(remote -> states.put(remote.config().name(), remote.state()));
        if (!states.equals(toldStates) || now - nextNumbers >= 0) {
            toldStates = states;
            nextNumbers = now + NUMBERS_NANOS;
            tell();
        }
        if (now - nextWord >= 0) {
            nextWord = now + WORD_NANOS;
            remotes.forEach(this::warnOfLosses);
        }
    }

    private void tell() {
        Map<String, Object> numbers = new LinkedHashMap<>();
        remotes.forEach(remote -> numbers.put(remote.config().name(), remote.values()));
        Map<String, Object> values = Map.of("hub", hub.text(), "remotes", numbers);
        if (values.equals(told)) {
            return;
        }
        try {
            context.gateway().report(context.service(), context.instance(), values);
            told = values;
        } catch (RuntimeException e) { // the gateway is stopping, or refuses: the log says the same
            context.logger().debug("the state of the remotes is not reported: {}", e.getMessage());
        }
    }

    private void warnOfLosses(Remote remote) {
        String name = remote.config().name();
        Counters counters = remote.counters();
        warn(name + ": messages of QoS 0 are dropped, the other side is away or too slow", counters.dropped, "");
        warn(name + ": messages have no topic on the other side", counters.unnamed, "");
        warn(name + ": messages are refused for good", counters.refused, ", the last one " + counters.lastRefused);
        remote.trouble().ifPresent(trouble -> context.logger().warn("{}: {}; it is tried again", name, trouble));
    }

    private void warn(String what, LongAdder counter, String detail) {
        long number = counter.sum();
        if (number > said.getOrDefault(what, 0L)) {
            said.put(what, number);
            context.logger().warn("{}: {} so far{}", what, number, detail);
        }
    }

    /** The last word. */
    void end() {
        remotes.forEach(this::warnOfLosses);
        tell();
    }
}
