package io.openedge.rest;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections of a listener. When it is full, the oldest that has not shown a valid token makes room for the next, so
 * that connections which only wait lock nobody out. Who has to go is told why, as long as there are not too many of them.
 * Owned by the listener's event loop.
 */
final class Connections {
    private static final Answer FULL =
            Answer.refusal(503, "too many connections to the API; try again later, and close those you do not need");

    private final Limits limits;
    private final Map<Channel, Optional<String>> open = new LinkedHashMap<>();
    private final Set<Channel> leaving = new HashSet<>();

    Connections(Limits limits) {
        this.limits = limits;
    }

    /** A connection has come; its pipeline hears of it when it cannot stay: an {@link Answer} as user event. */
    void enter(Channel channel) {
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            leaving.remove(channel);
        });
        if (open.size() < limits.connections()) {
            open.put(channel, Optional.empty());
            return;
        }
        Optional<Channel> unknown = open.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst();
        unknown.ifPresent(oldest -> {
            open.remove(oldest);
            open.put(channel, Optional.empty());
        });
        dismiss(unknown.orElse(channel));
    }

    /** A connection has shown who it belongs to; the answer to it when that one has too many. */
    Optional<Answer> identify(Channel channel, String name) {
        long others = open.entrySet().stream()
                .filter(entry -> entry.getKey() != channel)
                .filter(entry -> entry.getValue().equals(Optional.of(name)))
                .count();
        if (others >= limits.ofOne()) {
            return Optional.of(Answer.refusal(
                    503,
                    "service '" + name + "' has " + limits.ofOne()
                            + " connections to the API already; try again when one is closed"));
        }
        open.replace(channel, Optional.of(name));
        return Optional.empty();
    }

    private void dismiss(Channel channel) {
        if (leaving.size() >= limits.connections()) {
            channel.close();
            return;
        }
        leaving.add(channel);
        channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(FULL));
    }
}
