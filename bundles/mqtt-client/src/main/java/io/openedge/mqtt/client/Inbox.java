package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConfig;
import com.hivemq.client.internal.mqtt.handler.publish.incoming.MqttGlobalIncomingPublishFlowable;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttMessage;
import io.reactivex.disposables.Disposable;
import io.reactivex.disposables.Disposables;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;

/** Messages that come from the broker, and which of them wait for their acknowledgement. Thread rule: the connection's thread. */
final class Inbox {
    private final Callbacks callbacks;
    private final Logger logger;
    private final Deque<IncomingMessage> unsettled = new ArrayDeque<>();
    private final Deque<IncomingMessage> carried = new ArrayDeque<>();
    private Disposable registration = Disposables.disposed();
    private boolean duplicate;
    private int packetId;

    Inbox(Callbacks callbacks, Logger logger) {
        this.callbacks = callbacks;
        this.logger = logger;
    }

    /**
     * Hears all messages of the client's session from now on. Before the first connection, because a kept session
     * delivers at once; and again for each new session, since the end of a session ends the stream.
     */
    void register(MqttClientConfig client) {
        registration.dispose();
        registration = new MqttGlobalIncomingPublishFlowable(MqttGlobalPublishFilter.ALL, client, true)
                .subscribe(
                        publish -> receive(publish),
                        ended -> logger.debug("The session has ended: {}", ended.getMessage()));
    }

    /** What has arrived is passed on. */
    void pause() {
        callbacks.pause();
    }

    /** What the next message says of itself; the HiveMQ client does not pass it on. */
    void next(boolean duplicate, int packetId) {
        this.duplicate = duplicate;
        this.packetId = packetId;
    }

    /** A message of QoS 0 that came past the library. */
    void receive(MqttMessage message) {
        callbacks.message(new PlainMessage(message));
    }

    private record PlainMessage(MqttMessage message) implements Delivery {
        @Override
        public boolean duplicate() {
            return false;
        }

        @Override
        public int packetId() {
            return 0;
        }

        @Override
        public void acknowledge() {}
    }

    private void receive(Mqtt5Publish publish) {
        deliver(new IncomingMessage((MqttPublish) publish, duplicate, packetId));
    }

    private void deliver(IncomingMessage message) {
        while (!unsettled.isEmpty() && unsettled.peekFirst().settled()) {
            unsettled.removeFirst();
        }
        if (!message.settled()) {
            unsettled.addLast(message);
        }
        callbacks.message(message);
    }

    /**
     * The connection is gone. The broker sends again what was not acknowledged. The HiveMQ client passes on a message of
     * QoS 1 then, so the old one is only taken out of its row; one of QoS 2 it holds back as known: that is carried over
     * to the next connection here, unless its receiver does so.
     */
    void connectionLost() {
        Deque<IncomingMessage> lost = new ArrayDeque<>(unsettled);
        unsettled.clear();
        for (IncomingMessage message : lost) {
            if (message.message().qos() == 2 && callbacks.exactlyOnce()) {
                unsettled.add(message);
            } else if (message.settle()) {
                if (message.message().qos() == 2) {
                    carried.add(message);
                } else {
                    message.publish().acknowledge();
                }
            }
        }
    }

    /** The session goes on. */
    void resumed() {
        Deque<IncomingMessage> again = new ArrayDeque<>(carried);
        carried.clear();
        again.forEach(message -> deliver(new IncomingMessage(message.publish(), true, message.packetId())));
        callbacks.pause();
    }

    /** There is a new session, which knows nothing of the messages of the old one. */
    void renewed(MqttClientConfig client) {
        carried.forEach(message -> message.publish().acknowledge());
        carried.clear();
        unsettled.forEach(IncomingMessage::acknowledge);
        unsettled.clear();
        register(client);
    }

    void close() {
        registration.dispose();
        unsettled.clear();
        carried.clear();
    }
}
