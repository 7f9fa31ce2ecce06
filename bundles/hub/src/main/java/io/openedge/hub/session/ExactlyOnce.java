package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.Lane;
import java.util.concurrent.CompletableFuture;

/**
 * What one client publishes with QoS 2. A message goes on its way when it comes for the first time, so that of the
 * exchange only its packet id is kept, until the client releases it; a persistent session keeps it from one connection
 * to the next. Owned by the connection's loop.
 */
final class ExactlyOnce {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Lane lane;
    private final Connection connection;
    private final Session session;
    private final Unreleased ids;
    private final Publishing publishing;

    ExactlyOnce(Lane lane, Connection connection, Session session, Publishing publishing) {
        this.lane = lane;
        this.connection = connection;
        this.session = session;
        this.ids = session.unreleased();
        this.publishing = publishing;
    }

    /** A PUBLISH: PUBREC follows once message and id are safe, or were before. */
    void publish(PublishedTopic topic, byte[] payload, boolean retain, int packetId) {
        CompletableFuture<Void> earlier = ids.step(packetId);
        if (ids.contains(packetId)) {
            publishing.answer(Outbound.PUBREC, packetId, ids, earlier == null ? DONE : earlier);
        } else if (!ids.room(packetId)) {
            connection.close("there is no memory for its packet ids");
        } else {
            CompletableFuture<Void> stored = new CompletableFuture<>();
            ids.received(packetId, stored);
            publishing.publish(
                    new Message(topic.topic(), payload, 2), topic, retain, session.kept(), packetId, ids, stored);
        }
    }

    /** A PUBREL: PUBCOMP follows once the release is safe. An id that is not known was released before. */
    void released(int packetId) {
        CompletableFuture<Void> earlier = ids.step(packetId);
        if (!ids.contains(packetId)) {
            publishing.answer(Outbound.PUBCOMP, packetId, ids, earlier == null ? DONE : earlier);
        } else if (earlier != null) {
            connection.close("it released a message before it got the PUBREC");
        } else {
            CompletableFuture<Void> released = release(packetId);
            ids.released(packetId, released);
            publishing.answer(Outbound.PUBCOMP, packetId, ids, released);
        }
    }

    private CompletableFuture<Void> release(int packetId) {
        if (session.clean()) {
            return DONE;
        }
        CompletableFuture<Void> released = new CompletableFuture<>();
        lane.released(session.kept(), packetId, Publishing.completing(released));
        return released;
    }
}
