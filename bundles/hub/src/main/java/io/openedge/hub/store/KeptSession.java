package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the journal knows of a persistent session. Owned by the journal's thread. */
final class KeptSession {
    /** In the place of a reference: the client has the message, and the hub releases its id. */
    static final long RELEASED = 0;

    private final int number;
    private final String clientId;
    private final String principal;
    private final Map<TopicFilter, Integer> subscriptions = new LinkedHashMap<>();
    /** Messages that the client has not acknowledged. */
    private final Refs waiting;
    /** Packet ids of QoS 2 messages that were sent to the client, with their messages. */
    private final Map<Integer, Long> outgoing = new HashMap<>(2);
    /** Packet ids of QoS 2 messages that came from the client and that it has not released. */
    private final BitSet incoming;

    KeptSession(int number, String clientId, String principal) {
        this(number, clientId, principal, new Refs(), new BitSet());
    }

    private KeptSession(int number, String clientId, String principal, Refs waiting, BitSet incoming) {
        this.number = number;
        this.clientId = clientId;
        this.principal = principal;
        this.waiting = waiting;
        this.incoming = incoming;
    }

    int number() {
        return number;
    }

    String clientId() {
        return clientId;
    }

    String principal() {
        return principal;
    }

    Map<TopicFilter, Integer> subscriptions() {
        return subscriptions;
    }

    Refs waiting() {
        return waiting;
    }

    Map<Integer, Long> outgoing() {
        return outgoing;
    }

    BitSet incoming() {
        return incoming;
    }

    void encode(ByteBuf out) {
        Codec.number(out, number);
        Codec.text(out, clientId);
        Codec.text(out, principal);
        Codec.number(out, subscriptions.size());
        subscriptions.forEach((filter, qos) -> {
            Codec.text(out, filter.text());
            out.writeByte(qos);
        });
        waiting.encode(out);
        Codec.number(out, outgoing.size());
        outgoing.forEach((id, ref) -> {
            Codec.number(out, id);
            Codec.number(out, ref);
        });
        Codec.bytes(out, incoming.toByteArray());
    }

    static KeptSession decode(ByteBuf in) {
        int number = Codec.whole(in);
        String clientId = Codec.text(in);
        String principal = Codec.text(in);
        Map<TopicFilter, Integer> subscriptions = new LinkedHashMap<>();
        for (int left = Codec.whole(in); left > 0; left--) {
            TopicFilter filter = filter(Codec.text(in));
            subscriptions.put(filter, (int) in.readByte());
        }
        Refs waiting = Refs.decode(in);
        Map<Integer, Long> outgoing = new HashMap<>();
        for (int left = Codec.whole(in); left > 0; left--) {
            int id = Codec.whole(in);
            outgoing.put(id, Codec.number(in));
        }
        KeptSession session = new KeptSession(number, clientId, principal, waiting, BitSet.valueOf(Codec.bytes(in)));
        session.subscriptions.putAll(subscriptions);
        session.outgoing.putAll(outgoing);
        return session;
    }

    /** It was a filter when it was written. */
    static TopicFilter filter(String text) {
        return TopicFilter.parse(text, TopicLimits.NONE).orElseThrow();
    }
}
