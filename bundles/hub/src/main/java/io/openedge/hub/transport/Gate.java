package io.openedge.hub.transport;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Counts who is connected and who of them has not logged in. When all places are taken a new client is not let in; when
 * too many have not logged in the one that waits longest has to go, so that a flood of silent ones keeps nobody out who
 * speaks at once. Thread rule: any thread.
 */
final class Gate {
    private final int places;
    private final int strangersAllowed;
    private final Logger log;
    private final Set<Channel> strangers = new LinkedHashSet<>();
    private final Set<Channel> inside = new HashSet<>();
    private boolean crowded;

    /**
     * @param places connections in all
     * @param strangersAllowed those of them that have not logged in
     */
    Gate(int places, int strangersAllowed, Logger log) {
        this.places = places;
        this.strangersAllowed = strangersAllowed;
        this.log = log;
    }

    /** For a channel that was accepted and has no loop yet: false when there is no place. */
    boolean enter(Channel channel) {
        Channel longest = null;
        boolean let;
        boolean say;
        synchronized (this) {
            let = inside.size() < places;
            say = !let && !crowded;
            crowded = !let;
            if (let) {
                inside.add(channel);
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
            log.warn("{} clients are connected, no more are let in", places);
        }
        return let;
    }

    /** For a channel that has its loop: false when it had to go meanwhile. It leaves by closing. */
    synchronized boolean stays(Channel channel) {
        channel.closeFuture().addListener(closed -> leave(channel));
        return inside.contains(channel);
    }

    /** It has said who it is. */
    synchronized void known(Channel channel) {
        strangers.remove(channel);
    }

    private synchronized void leave(Channel channel) {
        strangers.remove(channel);
        inside.remove(channel);
    }

    /** Unit: connections. */
    synchronized int taken() {
        return inside.size();
    }
}
