package io.openedge.hub.route;

/**
 * A message on its way. Immutable and shared by all who get it; the payload is never copied between them and never
 * changed.
 *
 * @param topic it is published to
 * @param payload what it says
 * @param qos it was published with: 0, 1 or 2
 */
public record Message(Topic topic, byte[] payload, int qos) {
    private static final int OVERHEAD = 128;

    /** The same words on another topic. */
    Message on(Topic other, int limit) {
        return new Message(other, payload, Math.min(qos, limit));
    }

    /** What it costs to keep it, roughly. Unit: bytes. */
    public int weight() {
        return payload.length + topic.wire().length + OVERHEAD;
    }
}
