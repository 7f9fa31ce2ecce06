package io.openedge.remote.mqtt;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How the sessions of one broker stand. Any thread. */
final class Standing {
    private final Map<String, String> troubles = new ConcurrentSkipListMap<>();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();

    /**
     * A session that is not connected yet.
     *
     * @param losses counts the connections that it loses
     */
    Session.Listener expect(String clientId, LongAdder losses) {
        troubles.put(clientId, "connecting");
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

    /** {@code connected}, or the first session that is not, with the reason. */
    String text() {
        return troubles.entrySet().stream()
                .findFirst()
                .map(trouble -> trouble.getKey() + ": " + trouble.getValue())
                .orElse("connected");
    }
}
