package io.openedge.remote.mqtt;

import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What one session will hear of the bridge's own messages. MQTT 3.1.1 sends a client what it published itself when it
 * subscribes to it: each message that the bridge publishes under a topic of the session is noted, and one equal message that
 * comes is its echo. Equal messages of others are not lost: of as many as were noted and as many as others sent, the right
 * number passes. A note is forgotten after a minute of connection, so that an echo that a broker keeps back takes no message
 * of others, and at the end of a connection when it is of QoS 0.
 *
 * <p>Thread rule: any thread; the lock is its own and nothing foreign is called under it.
 */
final class Echoes {
    /** The oldest are forgotten: their echoes come back once, and no further. */
    private static final int MOST = 20_000;

    private static final long MOST_BYTES = 16L << 20;
    private static final long LIFE_NANOS = 60_000_000_000L;

    private static final Content NOTHING = new Content("", new byte[0]);

    private final List<MqttSubscription> subscriptions;
    private final List<TopicFilter> filters;
    private final LongSupplier nanoTime;
    private final Object lock = new Object();
    private final Deque<Note> notes = new ArrayDeque<>();
    private final Map<Content, Deque<Note>> byContent = new HashMap<>();
    private long bytes;
    private boolean connected;

    /** @param subscriptions of the session; their filters have been checked */
    Echoes(List<MqttSubscription> subscriptions, LongSupplier nanoTime) {
        this.subscriptions = subscriptions;
        this.filters = subscriptions.stream()
                .map(each -> TopicFilter.parse(each.topic()).orElseThrow())
                .toList();
        this.nanoTime = nanoTime;
    }

    private record Content(String topic, byte[] payload) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Content same && same.topic.equals(topic) && Arrays.equals(same.payload, payload);
        }

        @Override
        public int hashCode() {
            return topic.hashCode() * 31 + Arrays.hashCode(payload);
        }
    }

    private static final class Note {
        private final boolean kept;
        private Content content;
        private long since;
        private boolean gone;

        Note(Content content, boolean kept, long since) {
            this.content = content;
            this.kept = kept;
            this.since = since;
        }
    }

    /** Whether the session hears what is published under the topic. */
    boolean cover(String topic) {
        return qos(topic) >= 0;
    }

    /** The highest quality of service with which the session hears the topic; -1 when it does not. */
    private int qos(String topic) {
        int highest = -1;
        for (int i = 0; i < filters.size(); i++) {
            if (subscriptions.get(i).qos() > highest && filters.get(i).matches(topic)) {
                highest = subscriptions.get(i).qos();
            }
        }
        return highest;
    }

    /** The message is about to be published, maybe where the session hears it. */
    void expect(MqttMessage message) {
        int qos = Math.min(qos(message.topic()), message.qos());
        if (qos < 0) {
            return;
        }
        Content content = new Content(message.topic(), message.payload());
        synchronized (lock) {
            if (qos > 0 || connected) {
                Note note = new Note(content, qos > 0, nanoTime.getAsLong());
                notes.addLast(note);
                byContent.computeIfAbsent(content, none -> new ArrayDeque<>()).addLast(note);
                bytes += message.payload().length;
                forgetOld();
            }
        }
    }

    /** A message that was expected does not come. */
    void retract(MqttMessage message) {
        if (cover(message.topic())) {
            taken(message);
        }
    }

    /** Whether the message that came is one of those that were expected; each is one once. */
    boolean heard(MqttMessage message) {
        return !filters.isEmpty() && !message.retain() && taken(message);
    }

    private boolean taken(MqttMessage message) {
        synchronized (lock) {
            forgetOld();
            Deque<Note> same = byContent.get(new Content(message.topic(), message.payload()));
            if (same == null) {
                return false;
            }
            forget(same.getFirst());
            return true;
        }
    }

    /** Whether the session is connected and some are still to come. */
    boolean awaited() {
        synchronized (lock) {
            return connected && !byContent.isEmpty();
        }
    }

    /** The session's connection is gone, and with it what was on its way with QoS 0. */
    void disconnected() {
        synchronized (lock) {
            connected = false;
            notes.stream().filter(note -> !note.kept).forEach(this::forget);
        }
    }

    /** The session has a connection: what was noted before may come now. */
    void connected() {
        synchronized (lock) {
            connected = true;
            long now = nanoTime.getAsLong();
            notes.forEach(note -> note.since = now);
        }
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        for (Note oldest = notes.peekFirst(); oldest != null; oldest = notes.peekFirst()) {
            boolean tooMany = notes.size() > MOST || bytes > MOST_BYTES && notes.size() > 1;
            boolean old = connected && now - oldest.since >= LIFE_NANOS;
            if (!oldest.gone && !tooMany && !old) {
                return;
            }
            forget(oldest);
            notes.removeFirst();
        }
    }

    private void forget(Note note) {
        if (note.gone) {
            return;
        }
        bytes -= note.content.payload.length;
        Deque<Note> same = byContent.get(note.content);
        if (same != null && same.remove(note) && same.isEmpty()) {
            byContent.remove(note.content);
        }
        note.gone = true;
        note.content = NOTHING;
    }
}
