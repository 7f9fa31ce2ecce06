package io.openedge.remote.mqtt;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How the sessions of one broker stand. Any thread. */
final class Standing {
    static final String CONNECTED = "connected";
    private static final String CONNECTING = "connecting";

    private final Map<String, String> troubles = new ConcurrentSkipListMap<>();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();

    /**
     * A session that is not connected yet. All are expected before one is opened.
     *
     * @param losses counts the connections that it loses
     */
    Session.Listener expect(String clientId, LongAdder losses) {
        troubles.put(clientId, CONNECTING);
        return new Session.Listener() {
            @Override
            public void connected() {
                troubles.remove(clientId);
                if (troubles.isEmpty()) {
                    reached.complete(null);
                }
            }

            @Override
            public void away(String reason, boolean lost) {
                troubles.put(clientId, reason);
                if (lost) {
                    losses.increment();
                }
            }
        };
    }

    /** Completes when all sessions are connected for the first time. */
    CompletableFuture<Void> reached() {
        return reached.copy();
    }

    /** {@code connected}, or the first session that is not, with the reason: one that is known before one that waits. */
    String text() {
        return troubles.entrySet().stream()
                .min(Comparator.comparing(trouble -> trouble.getValue().equals(CONNECTING)))
                .map(trouble -> trouble.getKey() + ": " + trouble.getValue())
                .orElse(CONNECTED);
    }
}
