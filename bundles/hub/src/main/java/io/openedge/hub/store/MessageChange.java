package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Route;
import io.openedge.hub.route.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message with those persistent sessions that get it. Its record holds the payload once, and a leg for each topic under
 * which it is delivered; each leg has a reference of its own, counted on from that of the record.
 */
final class MessageChange extends Change {
    /** Beside the QoS of a target: the message is delivered as a retained one. */
    private static final int AS_RETAINED = 4;

    private static final int[] NOBODY = new int[0];

    private final byte[] payload;
    private final int qos;
    private final boolean retain;
    private final int publisher;
    private final int packetId;
    private final Topic[] topics;
    /** Three numbers for each: leg, session, QoS. */
    private final int[] targets;

    private MessageChange(
            byte[] payload, int qos, boolean retain, int publisher, int packetId, Topic[] topics, int[] targets) {
        this.payload = payload;
        this.qos = qos;
        this.retain = retain;
        this.publisher = publisher;
        this.packetId = packetId;
        this.topics = topics;
        this.targets = targets;
    }

    /**
     * A message as it was published.
     *
     * @param publisher session whose packet id it has; 0: nobody remembers it
     */
    static MessageChange of(Message message, Route route, boolean retain, int publisher, int packetId) {
        List<Route.Leg> legs = route.legs();
        if (message.qos() == 0 || !route.kept()) {
            return new MessageChange(
                    message.payload(),
                    message.qos(),
                    retain,
                    publisher,
                    packetId,
                    new Topic[] {message.topic()},
                    NOBODY);
        }
        Topic[] topics = new Topic[legs.size()];
        int[] targets = new int[8];
        int used = 0;
        for (int i = 0; i < topics.length; i++) {
            Route.Leg leg = legs.get(i);
            topics[i] = leg.topic();
            for (Route.Target target : leg.targets()) {
                int qos = Math.min(Math.min(message.qos(), leg.limit()), target.qos());
                int session = target.subscriber().kept();
                if (session != 0 && qos > 0) {
                    if (used + 3 > targets.length) {
                        targets = Arrays.copyOf(targets, targets.length * 2);
                    }
                    targets[used++] = i;
                    targets[used++] = session;
                    targets[used++] = qos;
                }
            }
        }
        return new MessageChange(
                message.payload(), message.qos(), retain, publisher, packetId, topics, Arrays.copyOf(targets, used));
    }

    /** A retained message for somebody who has just subscribed. */
    static MessageChange retained(Message message, int session, int qos) {
        return new MessageChange(
                message.payload(), message.qos(), false, 0, 0, new Topic[] {message.topic()}, new int[] {
                    0, session, qos | AS_RETAINED
                });
    }

    @Override
    int type() {
        return MESSAGE;
    }

    @Override
    int refs() {
        return topics.length;
    }

    @Override
    void encode(ByteBuf out) {
        out.writeByte(qos | (retain ? AS_RETAINED : 0));
        Codec.number(out, publisher);
        Codec.number(out, packetId);
        Codec.number(out, topics.length);
        for (Topic topic : topics) {
            out.writeBytes(topic.wire());
        }
        Codec.number(out, targets.length);
        for (int number : targets) {
            Codec.number(out, number);
        }
        out.writeBytes(payload);
    }

    /** How many references the record of that body takes. */
    static int refs(ByteBuf in) {
        in.readByte();
        Codec.number(in);
        Codec.number(in);
        return Codec.whole(in);
    }

    static MessageChange decode(ByteBuf in, long ref) {
        int flags = in.readByte();
        int publisher = Codec.whole(in);
        int packetId = Codec.whole(in);
        Topic[] topics = new Topic[Codec.whole(in)];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = KeptWill.topic(in.readCharSequence(in.readUnsignedShort(), StandardCharsets.UTF_8)
                    .toString());
        }
        int[] targets = new int[Codec.whole(in)];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = Codec.whole(in);
        }
        byte[] payload = new byte[in.readableBytes()];
        in.readBytes(payload);
        MessageChange change =
                new MessageChange(payload, flags & 3, (flags & AS_RETAINED) != 0, publisher, packetId, topics, targets);
        change.ref = ref;
        return change;
    }

    @Override
    void apply(State state) {
        state.reached(ref + topics.length - 1);
        if (publisher != 0 && !state.remember(publisher, packetId)) {
            return; // it was sent again, since it was not answered: the hub had a failed disk in between
        }
        for (int i = 0; i < targets.length; i += 3) {
            state.waits(targets[i + 1], ref + targets[i]);
        }
        if (retain) {
            state.retain(topics[0].name(), ref, payload.length == 0);
        }
    }

    @Override
    void applyUnwritten(State state) {
        if (retain && outcome == null) {
            state.forget(topics[0].name()); // or the one before would come back after a crash
        }
    }

    /** Whether it takes the place of its topic's retained message. */
    boolean retain() {
        return retain;
    }

    /** The message of the first leg as it was published. */
    Message message() {
        return new Message(topics[0], payload, qos);
    }

    /** What a session gets of it; null when it gets nothing of that leg. */
    @Nullable
    StoredMessage forSession(int session, int leg) {
        for (int i = 0; i < targets.length; i += 3) {
            if (targets[i] == leg && targets[i + 1] == session) {
                int level = targets[i + 2] & 3;
                boolean asRetained = (targets[i + 2] & AS_RETAINED) != 0;
                Message message = new Message(topics[leg], payload, Math.max(level, qos));
                return new StoredMessage(ref + leg, message, level, asRetained);
            }
        }
        return null;
    }
}
