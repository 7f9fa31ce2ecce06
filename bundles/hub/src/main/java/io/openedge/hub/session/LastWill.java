package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Outcome;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What becomes of a client's will, from its login to its end. Owned by the connection's loop. */
final class LastWill {
    private static final int AGAIN_SECONDS = 1;

    private final Lane lane;
    private final Publishing publishing;
    private final EventLoop loop;
    private final Logger log;
    /** By which the store knows the will; 0: there is none. */
    private long key;

    LastWill(Lane lane, Publishing publishing, EventLoop loop, Logger log) {
        this.lane = lane;
        this.publishing = publishing;
        this.loop = loop;
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
                publish(login.clientId(), will, true);
            }
        } catch (RuntimeException | Error e) {
            log.error("a will could not be published", e);
        }
        if (key != 0) {
            lane.willOver(key);
            lane.safe((ref, failure) -> {}); // or a power cut would bring it back
        }
    }

    /** As long as the disk takes nothing, neither the message nor the end of the will is there: a start would find it. */
    private void publish(String clientId, Will will, boolean first) {
        publishing.will(will, () -> {
            if (first) {
                log.warn("the will of client {} waits until the disk takes it", clientId);
            }
            try {
                loop.schedule(() -> publish(clientId, will, false), AGAIN_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                log.trace("the hub stops", e);
            }
        });
    }
}
