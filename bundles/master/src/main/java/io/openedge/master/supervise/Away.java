package io.openedge.master.supervise;

import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The services that an update stops and starts again at this moment: who calls one waits until it is back. Changed by the
 * supervisor's owner; any thread asks.
 */
final class Away {
    private static final int MOST_CALLS = 1000;

    private volatile Turn now = new Turn(Set.of());

    private record Turn(Set<String> services, CompletableFuture<Void> back, AtomicInteger calls) {
        Turn(Set<String> services) {
            this(services, new CompletableFuture<>(), new AtomicInteger());
        }
    }

    void leave(Set<String> services) {
        now = new Turn(services);
    }

    /** They are there again, or never will be. */
    void back() {
        Turn over = now;
        now = new Turn(Set.of());
        over.back.complete(null);
    }

    /**
     * Completes when the service is back; empty: it is not away.
     *
     * @throws GatewayException when too many wait already
     */
    Optional<CompletableFuture<Void>> until(String service) {
        Turn turn = now;
        if (!turn.services.contains(service)) {
            return Optional.empty();
        }
        if (turn.calls.incrementAndGet() > MOST_CALLS) {
            throw new GatewayException(Kind.INVALID, "service '" + service + "' has too many calls to answer");
        }
        return Optional.of(turn.back);
    }
}
