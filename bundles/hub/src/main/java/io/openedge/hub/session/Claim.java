package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.auth.Principal;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection's claim to its client id, and later, when the connection is gone, the keeper of a persistent session.
 * Owned by the connection's loop; {@link #yieldTo} and {@link #grant} may be called from any thread.
 */
final class Claim {
    private final String clientId;
    private final String principal;
    private final boolean clean;
    /** Null: the client has not come since the hub started. */
    private final @Nullable Connection connection;

    private final EventLoop loop;
    private final Broker broker;

    private boolean granted;
    private boolean ended;
    private @Nullable Session session;
    private @Nullable Claim successor;

    Claim(Login.Accepted login, Connection connection, EventLoop loop, Broker broker) {
        this.clientId = login.clientId();
        this.principal = login.principal().name();
        this.clean = login.clean();
        this.connection = connection;
        this.loop = loop;
        this.broker = broker;
    }

    /** Keeps a session that the hub had when it ended. */
    Claim(Session restored, String clientId, String principal, EventLoop loop, Broker broker) {
        this.clientId = clientId;
        this.principal = principal;
        this.clean = false;
        this.connection = null;
        this.loop = loop;
        this.broker = broker;
        granted = true;
        ended = true;
        session = restored;
        restored.revise(rights());
    }

    String clientId() {
        return clientId;
    }

    /** A later connection wants the client id. */
    void yieldTo(Claim next) {
        run(() -> {
            successor = next;
            if (granted) {
                handOver(next);
            }
        });
    }

    /**
     * The id is free for this connection.
     *
     * @param replaced whether a persistent session ended for it
     */
    void grant(@Nullable Session inherited, boolean replaced) {
        run(() -> {
            granted = true;
            session = inherited == null ? fresh() : inherited;
            if (inherited != null) {
                inherited.revise(rights());
            }
            Claim next = successor;
            if (next != null) {
                handOver(next);
            } else if (ended) {
                release(session);
            } else if (connection != null) {
                connection.opened(session, inherited != null, replaced);
            }
        });
    }

    private Session fresh() {
        return clean ? Session.clean(clientId, broker, loop) : Session.persistent(clientId, principal, broker, loop);
    }

    /** The connection is gone: a persistent session waits here for the next one. */
    void end() {
        ended = true;
        Session current = session;
        if (granted && current != null) {
            release(current);
        }
    }

    private void release(Session current) {
        current.detach();
        if (current.clean()) {
            session = null;
            current.discard();
            broker.claims().leave(this);
        }
    }

    private void handOver(Claim next) {
        Session current = session;
        session = null;
        if (connection != null) {
            connection.takenOver();
        }
        if (current != null && !current.clean() && next.inherits(this)) {
            current.detach();
            current.moveTo(next.loop);
            next.inherit(current, false);
            return;
        }
        if (current != null) {
            current.discard();
        }
        next.inherit(null, current != null && !current.clean());
    }

    /** Later, not from within: a chain of many claims would be as many calls on the stack. */
    private void inherit(@Nullable Session left, boolean replaced) {
        later(() -> grant(left, replaced));
    }

    /** What somebody else subscribed to is not theirs, whatever client id they give. */
    private boolean inherits(Claim before) {
        return !clean && principal.equals(before.principal);
    }

    /** Gives the session and the connection the rights that hold now. From any thread. */
    void revise() {
        run(() -> {
            Session current = session;
            if (granted && current != null) {
                current.revise(rights());
                if (connection != null) {
                    connection.revise();
                }
            }
        });
    }

    private void guarded(Runnable task) {
        if (connection != null) {
            connection.guarded(task);
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            broker.log().error("fault of the hub in the session of the absent client {}", clientId, e);
        }
    }

    private Principal rights() {
        return broker.authenticator().rights(principal, clientId);
    }

    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    private void later(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops, {} is not opened", clientId, e);
        }
    }
}
