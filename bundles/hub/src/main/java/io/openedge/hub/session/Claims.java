package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.store.Recovered;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who has which client id. Every connection that logs in puts its claim in the place of the one before, which then
 * yields; so claims of one id form a chain, and a session has one owner at any time. Thread rule: any thread.
 */
public final class Claims {
    private final ConcurrentMap<String, Claim> latest = new ConcurrentHashMap<>();

    /** The claim is granted, sooner or later, on its own loop. */
    void enter(Claim claim) {
        Claim before = latest.put(claim.clientId(), claim);
        if (before == null) {
            claim.grant(null, false);
        } else {
            before.yieldTo(claim);
        }
    }

    /** Puts a session back that the hub had when it ended. Called on the loop that owns it from now on. */
    void restore(Recovered.Session kept, Broker broker, EventLoop loop) {
        Session session = Session.restored(kept, broker, loop);
        latest.put(kept.clientId(), new Claim(session, kept.clientId(), kept.principal(), loop, broker));
    }

    /** Nothing is left of the claim; a later one stays untouched. */
    void leave(Claim claim) {
        latest.remove(claim.clientId(), claim);
    }

    /** The principals have changed: every client and every session gets the rights that hold now, on its own loop. */
    public void revise() {
        latest.values().forEach(Claim::revise);
    }

    /** True when there are so many client ids, and that one is not among them. */
    boolean full(String clientId, int limit) {
        return latest.size() >= limit && !latest.containsKey(clientId);
    }

    /** Client ids with a connection or a persistent session. */
    public int size() {
        return latest.size();
    }
}
