package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Outcome;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What becomes of a client's will, from its login to its end. Owned by the connection's loop. */
final class LastWill {
    private static final int AGAIN_SECONDS = 1;

    private final Broker broker;
    private final Lane lane;
    private final Publishing publishing;
    private final EventLoop loop;
    /** By which the store knows the will; 0: there is none. */
    private long key;

    LastWill(Broker broker, Lane lane, Publishing publishing, EventLoop loop) {
        this.broker = broker;
        this.lane = lane;
        this.publishing = publishing;
        this.loop = loop;
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
        Will will = login == null ? null : login.will();
        if (login == null || will == null) {
            over(false);
        } else {
            publish(login, will, true);
        }
    }

    private void publish(Login.Accepted login, Will will, boolean first) {
        boolean stored = false;
        try {
            if (mayPublish(login, will)) {
                publishing.will(will, () -> again(login, will, first));
                stored = will.qos() > 0;
            }
        } catch (RuntimeException | Error e) {
            broker.log().error("a will could not be published", e);
        }
        over(stored);
    }

    /** Now: the rights may have changed since it logged in, or while the will waited. */
    private boolean mayPublish(Login.Accepted login, Will will) {
        boolean may = broker.authenticator()
                .rights(login.principal().name(), login.clientId())
                .mayPublish(will.topic());
        if (!may) {
            broker.log().info("client {} may not publish its will any more", login.clientId());
        }
        return may;
    }

    /** The store keeps the will as long as it has not stored the message: the next start would find it. */
    private void again(Login.Accepted login, Will will, boolean first) {
        if (first) {
            broker.log().warn("the will of client {} waits until the disk takes it", login.clientId());
        }
        try {
            loop.schedule(() -> publish(login, will, false), AGAIN_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops", e);
        }
    }

    private void over(boolean stored) {
        if (key == 0) {
            return;
        }
        if (stored) {
            lane.willPublished(key);
        } else {
            lane.willOver(key);
        }
        lane.safe((ref, failure) -> {}); // or a power cut would bring it back
    }
}
