package io.openedge.hub.transport;

import io.netty.channel.Channel;
import io.openedge.hub.session.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Counts who is connected and who of them has not logged in. When all places are taken a new client is not let in; when
 * too many have not logged in the one that waits longest has to go, so that a flood of silent ones keeps nobody out who
 * speaks at once. Thread rule: any thread.
 */
final class Gate {
    private final int places;
    private final int byAddress;
    private final int strangersAllowed;
    private final Logger log;
    private final Set<Channel> strangers = new LinkedHashSet<>();
    private final Map<Channel, @Nullable InetAddress> inside = new HashMap<>();
    private final Map<@Nullable InetAddress, Integer> addresses = new HashMap<>();
    private boolean crowded;

    /** @param limits connections in all, by address, and those of them that have not logged in */
    Gate(Limits limits, Logger log) {
        places = limits.connections();
        byAddress = limits.byAddress();
        strangersAllowed = limits.strangers();
        this.log = log;
    }

    /** For a channel that was accepted and has no loop yet: false when there is no place. */
    boolean enter(Channel channel) {
        Channel longest = null;
        boolean let;
        boolean say;
        InetAddress address = address(channel);
        synchronized (this) {
            let = inside.size() < places && addresses.getOrDefault(address, 0) < byAddress;
            say = !let && !crowded;
            crowded = !let;
            if (let) {
                inside.put(channel, address);
                addresses.merge(address, 1, Integer::sum);
                strangers.add(channel);
            }
            if (strangers.size() > strangersAllowed) {
                longest = strangers.iterator().next();
                leave(longest); // its place is free at once, whenever the socket is closed
            }
        }
        if (longest != null && longest.isRegistered()) {
            longest.close();
        }
        if (say) {
            log.warn("a client from {} is not let in: {} are connected in all, {}", address, taken(), allowed());
        }
        return let;
    }

    private String allowed() {
        return places + " may be, " + byAddress + " from one address";
    }

    private static @Nullable InetAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket ? socket.getAddress() : null;
    }

    /** For a channel that has its loop: false when it had to go meanwhile. It leaves by closing. */
    synchronized boolean stays(Channel channel) {
        channel.closeFuture().addListener(closed -> leave(channel));
        return inside.containsKey(channel);
    }

    /** It has said who it is. */
    synchronized void known(Channel channel) {
        strangers.remove(channel);
    }

    private synchronized void leave(Channel channel) {
        strangers.remove(channel);
        if (inside.containsKey(channel)) {
            addresses.computeIfPresent(inside.remove(channel), (address, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Unit: connections. */
    synchronized int taken() {
        return inside.size();
    }
}
