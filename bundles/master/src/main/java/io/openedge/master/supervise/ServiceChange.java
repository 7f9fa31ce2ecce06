package io.openedge.master.supervise;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an update does to services. Immutable.
 *
 * @param stop names of those that end
 * @param stopLimit how long that may take; what does not end in time is left behind
 * @param start those that are started then, in this order; asked for when the others have ended
 * @param order the names of all in the order in which they are shown
 * @param unavailable why an engine of that name cannot be had; empty: it is there or will come
 */
public record ServiceChange(
        Set<String> stop,
        Duration stopLimit,
        Supplier<List<Plan>> start,
        List<String> order,
        Function<String, Optional<String>> unavailable) {
    public ServiceChange {
        stop = Set.copyOf(stop);
        order = List.copyOf(order);
    }

    /** The names of those that end and are started again. */
    Set<String> returning() {
        Set<String> names = new HashSet<>(stop);
        names.retainAll(order);
        return names;
    }
}
