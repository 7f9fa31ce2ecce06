package io.openedge.function.manager;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A hub in memory: sessions, what they published, and acknowledgements when the test wants them. */
public final class FakeHub {
    public final Map<String, Session> sessions = new LinkedHashMap<>();
    /** Everything published, in order. */
    public final List<MqttMessage> published = new ArrayList<>();
    /** What happened, in words: "published t/hi", "acknowledged a". */
    public final List<String> events = new ArrayList<>();
    /** Publishes that wait for their acknowledgement when {@link #acknowledges} is off. */
    public final List<CompletableFuture<Void>> unacknowledged = new ArrayList<>();

    public boolean acknowledges = true;
    public boolean up = true;
    /** Whether a session is connected at once; otherwise the test says when. */
    public boolean reachable = true;

    MqttClient connect(MqttClientConfig config, MqttHandler handler) {
        Session session = new Session(config, handler);
        sessions.put(config.clientId(), session);
        if (reachable) {
            handler.onConnected();
        }
        return session;
    }

    public List<String> payloads() {
        return published.stream().map(m -> new String(m.payload(), UTF_8)).toList();
    }

    /** The hub acknowledges the oldest publish. */
    public void acknowledge() {
        unacknowledged.remove(0).complete(null);
    }

    /** One client's session. */
    public final class Session implements MqttClient {
        public final MqttClientConfig config;
        public final MqttHandler handler;
        public boolean closed;
        private int lastPacketId;

        Session(MqttClientConfig config, MqttHandler handler) {
            this.config = config;
            this.handler = handler;
        }

        public Incoming deliver(String payload, int qos) {
            return deliver("t", payload, qos);
        }

        public Incoming deliver(String topic, String payload, int qos) {
            int id = qos == 0 ? 0 : ++lastPacketId;
            return deliver(new Incoming(new MqttMessage(topic, payload.getBytes(UTF_8), qos, false), id, false));
        }

        /** Sends a message again that was not acknowledged, or whose acknowledgement was lost. */
        public Incoming deliverAgain(Incoming before) {
            return deliver(new Incoming(before.message, before.packetId, true));
        }

        private Incoming deliver(Incoming incoming) {
            handler.onMessage(incoming);
            handler.onPause();
            return incoming;
        }

        @Override
        public CompletionStage<Void> publish(MqttMessage message) {
            if (!up) {
                return CompletableFuture.failedFuture(new MqttException("no connection"));
            }
            published.add(message);
            events.add("published " + message.topic());
            CompletableFuture<Void> taken = new CompletableFuture<>();
            if (acknowledges || message.qos() == 0) {
                taken.complete(null);
            } else {
                unacknowledged.add(taken);
            }
            return taken;
        }

        @Override
        public MqttVersion version() {
            return MqttVersion.V3_1_1;
        }

        @Override
        public boolean connected() {
            return up && !closed;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A message on its way to a rule. */
    public final class Incoming implements Delivery {
        private final MqttMessage message;
        private final int packetId;
        private final boolean duplicate;
        public boolean acknowledged;

        Incoming(MqttMessage message, int packetId, boolean duplicate) {
            this.message = message;
            this.packetId = packetId;
            this.duplicate = duplicate;
        }

        @Override
        public MqttMessage message() {
            return message;
        }

        @Override
        public boolean duplicate() {
            return duplicate;
        }

        @Override
        public int packetId() {
            return packetId;
        }

        @Override
        public void acknowledge() {
            acknowledged = true;
            events.add("acknowledged " + new String(message.payload(), UTF_8));
        }
    }
}
