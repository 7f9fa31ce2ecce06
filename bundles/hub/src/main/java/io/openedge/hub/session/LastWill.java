package io.openedge.hub.session;

import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What becomes of a client's will, from its login to its end. Owned by the connection's loop. */
final class LastWill {
    private final Lane lane;
    private final Publishing publishing;
    private final Logger log;
    /** By which the store knows the will; 0: there is none. */
    private long key;

    LastWill(Lane lane, Publishing publishing, Logger log) {
        this.lane = lane;
        this.publishing = publishing;
        this.log = log;
    }

    /** From now on it is published also when the hub itself ends. */
    void keep(Will will, Login.Accepted login, Outcome safe) {
        key = lane.will(will.kept(login), safe);
    }

    /**
     * The client is gone.
     *
     * @param login of a client that went without saying so; null: its will is not published
     */
    void end(Login.@Nullable Accepted login) {
        try {
            Will will = login == null ? null : login.will();
            if (will != null && login.principal().mayPublish(will.topic())) {
                publishing.publish(new PublishedTopic(will.topic()), will.payload(), will.qos(), will.retain(), 0);
            }
        } catch (RuntimeException | Error e) {
            log.error("a will could not be published", e);
        }
        if (key != 0) {
            lane.willOver(key);
            lane.safe((ref, failure) -> {}); // or a power cut would bring it back
        }
    }
}
