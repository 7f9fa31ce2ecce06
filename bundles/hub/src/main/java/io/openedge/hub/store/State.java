package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.openedge.hub.route.TopicFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that survives a crash, but for the messages themselves, of which it knows where they stand. What it is follows
 * from the records alone, in their order, so that reading them again leads to the same. Owned by the journal's thread.
 */
final class State {
    private final Map<Integer, KeptSession> sessions = new LinkedHashMap<>();
    private final Map<String, Picture.Retained> retained = new HashMap<>();
    private final Map<Long, KeptWill> wills = new LinkedHashMap<>();
    /** How often messages of a segment are referred to. */
    private final Map<Integer, Long> pins = new HashMap<>();

    private final Map<Integer, Filled> filled = new HashMap<>();
    /** How long the hub has run in all; downtime does not count. Unit: seconds. */
    private long age;

    private int lastSession;
    private long lastWill;
    private long pinned;
    private long newest;
    private long expired;
    private long overflowed;
    private long limit = Long.MAX_VALUE;
    private long most = Long.MAX_VALUE;

    /**
     * A segment that is full.
     *
     * @param age of the hub when it became so. Unit: seconds
     * @param refs references that its records take
     */
    record Filled(long age, int refs) {}

    /** Everything up to that reference is known. */
    void reached(long ref) {
        newest = Math.max(newest, ref);
    }

    /** The newest reference there is. */
    long newest() {
        return newest;
    }

    /** A message of QoS 2 came from a session's client; false when it had come before. */
    boolean remember(int session, int packetId) {
        KeptSession kept = sessions.get(session);
        if (kept == null) {
            return true;
        }
        if (kept.incoming().get(packetId)) {
            return false;
        }
        kept.incoming().set(packetId);
        return true;
    }

    /**
     * From now on so many messages may wait.
     *
     * @param messages for one session; 0: any number
     * @param all for all sessions together
     */
    void limit(int messages, long all) {
        limit = messages == 0 ? Long.MAX_VALUE : messages;
        most = all;
    }

    void waits(int session, long ref) {
        KeptSession kept = sessions.get(session);
        if (kept != null && (kept.waiting().size() >= limit || pinned >= most)) {
            overflowed++;
        } else if (kept != null) {
            kept.waiting().add(ref);
            pin(ref, 1);
        }
    }

    void retain(String topic, long ref, boolean empty) {
        forget(topic);
        if (!empty) {
            retained.put(topic, new Picture.Retained(topic, ref));
            pin(ref, 1);
        }
    }

    /** The retained message of a topic is gone. */
    void forget(String topic) {
        Picture.Retained before = retained.remove(topic);
        if (before != null) {
            pin(before.ref(), -1);
        }
    }

    void acknowledged(int session, long ref) {
        KeptSession kept = sessions.get(session);
        if (kept != null && kept.waiting().remove(ref)) {
            pin(ref, -1);
        }
    }

    void sent(int session, int packetId, long ref) {
        KeptSession kept = sessions.get(session);
        if (kept != null) {
            kept.outgoing().put(packetId, ref);
        }
    }

    void received(int session, int packetId) {
        KeptSession kept = sessions.get(session);
        Long ref = kept == null ? null : kept.outgoing().get(packetId);
        if (kept != null && ref != null && ref != KeptSession.RELEASED) {
            kept.outgoing().put(packetId, KeptSession.RELEASED);
            acknowledged(session, ref);
        }
    }

    void completed(int session, int packetId) {
        KeptSession kept = sessions.get(session);
        if (kept != null) {
            kept.outgoing().remove(packetId);
        }
    }

    void released(int session, int packetId) {
        KeptSession kept = sessions.get(session);
        if (kept != null) {
            kept.incoming().clear(packetId);
        }
    }

    void opened(int session, String clientId, String principal) {
        sessions.put(session, new KeptSession(session, clientId, principal));
        lastSession = Math.max(lastSession, session);
    }

    void removed(int session) {
        KeptSession kept = sessions.remove(session);
        if (kept != null) {
            kept.waiting().forEach(ref -> pin(ref, -1));
        }
    }

    void subscribed(int session, TopicFilter filter, int qos) {
        KeptSession kept = sessions.get(session);
        if (kept != null) {
            kept.subscriptions().put(filter, qos);
        }
    }

    void unsubscribed(int session, TopicFilter filter) {
        KeptSession kept = sessions.get(session);
        if (kept != null) {
            kept.subscriptions().remove(filter);
        }
    }

    void willGiven(long key, KeptWill will) {
        wills.put(key, will);
        lastWill = Math.max(lastWill, key);
    }

    void willOver(long key) {
        wills.remove(key);
    }

    void aged(long seconds) {
        age = seconds;
    }

    void filled(int segment, int refs) {
        filled.put(segment, new Filled(age, refs));
    }

    /** The file is gone. */
    void deleted(int segment) {
        filled.remove(segment);
    }

    /** Full segments, by number. */
    Map<Integer, Filled> filled() {
        return filled;
    }

    private void pin(long ref, long change) {
        pinned += change;
        pins.merge(Segment.of(ref), change, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** How often messages of a segment are referred to. */
    long pins(int segment) {
        return pins.getOrDefault(segment, 0L);
    }

    Collection<KeptSession> sessions() {
        return sessions.values();
    }

    @Nullable
    KeptSession session(int number) {
        return sessions.get(number);
    }

    /** Where the retained messages of all topics stand. */
    Collection<Picture.Retained> retained() {
        return retained.values();
    }

    Map<Long, KeptWill> wills() {
        return wills;
    }

    /** Messages that wait for sessions. */
    long waiting() {
        return pinned - retained.size();
    }

    /** Messages that were dropped, since as many as may waited. */
    long overflowed() {
        return overflowed;
    }

    /** Messages that were dropped, since they had waited too long. */
    long expired() {
        return expired;
    }

    long age() {
        return age;
    }

    int lastSession() {
        return lastSession;
    }

    long lastWill() {
        return lastWill;
    }

    /** Drops what sessions wait for in a segment. The retained messages of it stay. */
    void expire(int segment) {
        for (KeptSession session : sessions.values()) {
            List<Long> old = new ArrayList<>();
            session.waiting().forEach(Segment.first(segment), Segment.first(segment + 1) - 1, ref -> old.add(ref));
            old.removeAll(session.outgoing().values());
            old.forEach(ref -> acknowledged(session.number(), ref));
            expired += old.size();
        }
    }

    /** What is now, whatever changes later. */
    Picture picture() {
        ByteBuf before = Unpooled.buffer();
        Codec.number(before, age);
        Codec.number(before, filled.size());
        filled.forEach((segment, how) -> {
            Codec.number(before, segment);
            Codec.number(before, how.age());
            Codec.number(before, how.refs());
        });
        Codec.number(before, lastSession);
        Codec.number(before, lastWill);
        Codec.number(before, sessions.size());
        sessions.values().forEach(session -> session.encode(before));
        ByteBuf after = Unpooled.buffer();
        Codec.number(after, wills.size());
        wills.forEach((key, will) -> {
            Codec.number(after, key);
            will.encode(after);
        });
        return new Picture(before, retained.values().toArray(Picture.Retained[]::new), after);
    }

    static State decode(ByteBuf in) {
        State state = new State();
        state.age = Codec.number(in);
        for (int left = Codec.whole(in); left > 0; left--) {
            int segment = Codec.whole(in);
            state.filled.put(segment, new Filled(Codec.number(in), Codec.whole(in)));
        }
        state.lastSession = Codec.whole(in);
        state.lastWill = Codec.number(in);
        for (int left = Codec.whole(in); left > 0; left--) {
            KeptSession session = KeptSession.decode(in);
            state.sessions.put(session.number(), session);
            session.waiting().forEach(ref -> state.pin(ref, 1));
        }
        for (int left = Codec.whole(in); left > 0; left--) {
            String topic = Codec.text(in);
            long ref = Codec.number(in);
            state.retained.put(topic, new Picture.Retained(topic, ref));
            state.pin(ref, 1);
        }
        for (int left = Codec.whole(in); left > 0; left--) {
            long key = Codec.number(in);
            state.wills.put(key, KeptWill.decode(in));
        }
        return state;
    }
}
