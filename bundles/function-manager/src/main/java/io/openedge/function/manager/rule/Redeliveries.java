package io.openedge.function.manager.rule;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Knows messages that the hub sends again: one that is still on its way is not computed a second time, and one that was
 * settled has the invoke id that it had. Owned by the loop.
 *
 * <p>What the hub surely sends again, because a connection ended before the acknowledgement, is known by its content: of two
 * equal messages either may be taken for the other. What was acknowledged, and comes again because the acknowledgement was
 * lost, is known only if the hub says that it is the same: same packet id, marked as a duplicate, same content.
 */
final class Redeliveries {
    private static final int REMEMBERED = 1000;

    /** On their way, brought by the connection that is there. */
    private final Set<Passage> open = new LinkedHashSet<>();
    /** On their way, brought by one that has ended. */
    private final Map<Content, Deque<Passage>> orphans = new HashMap<>();
    /** Settled, the oldest first. */
    private final Deque<Settled> settled = new ArrayDeque<>();

    private int unacknowledged;

    private record Content(String topic, int length, long sum) {
        static Content of(MqttMessage message) {
            CRC32C sum = new CRC32C();
            sum.update(message.payload());
            return new Content(message.topic(), message.payload().length, sum.getValue());
        }
    }

    private record Settled(Content content, int packetId, boolean acknowledged, String invokeId) {
        boolean comesAgainAs(Delivery delivery, Content what) {
            boolean named = delivery.duplicate() && delivery.packetId() == packetId;
            return (named || !acknowledged) && content.equals(what);
        }
    }

    /** A message is on its way that the hub may send again. */
    void opened(Passage passage) {
        open.add(passage);
    }

    /**
     * It is settled.
     *
     * @param acknowledged false: the hub surely sends it again
     */
    void closed(Passage passage, boolean acknowledged) {
        MqttMessage message = passage.delivery().message();
        Content content = Content.of(message);
        if (!open.remove(passage)) {
            Deque<Passage> equals = orphans.get(content);
            if (equals != null && equals.remove(passage) && equals.isEmpty()) {
                orphans.remove(content);
            }
        }
        settled.addLast(new Settled(content, passage.delivery().packetId(), acknowledged, passage.invokeId()));
        unacknowledged += acknowledged ? 0 : 1;
        if (settled.size() > REMEMBERED) {
            unacknowledged -= settled.removeFirst().acknowledged() ? 0 : 1;
        }
    }

    /** The connection has ended: what is on its way comes again. */
    void connectionLost() {
        for (Passage passage : open) {
            orphans.computeIfAbsent(Content.of(passage.delivery().message()), content -> new ArrayDeque<>(1))
                    .addLast(passage);
        }
        open.clear();
    }

    /** The message on its way that this is; null when there is none. It belongs to the connection that is there again. */
    @Nullable
    Passage find(Delivery delivery) {
        if (orphans.isEmpty()) {
            return null;
        }
        Content content = Content.of(delivery.message());
        Deque<Passage> equals = orphans.get(content);
        if (equals == null) {
            return null;
        }
        Passage passage = equals.removeFirst();
        if (equals.isEmpty()) {
            orphans.remove(content);
        }
        open.add(passage);
        return passage;
    }

    /** The invoke id of a message that was settled before and comes again. */
    Optional<String> invokeId(Delivery delivery) {
        if (!delivery.duplicate() && unacknowledged == 0) {
            return Optional.empty();
        }
        Content content = Content.of(delivery.message());
        for (Iterator<Settled> all = settled.iterator(); all.hasNext(); ) {
            Settled one = all.next();
            if (one.comesAgainAs(delivery, content)) {
                all.remove();
                unacknowledged -= one.acknowledged() ? 0 : 1;
                return Optional.of(one.invokeId());
            }
        }
        return Optional.empty();
    }
}
