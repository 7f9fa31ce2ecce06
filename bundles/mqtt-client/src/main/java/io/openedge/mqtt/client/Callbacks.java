package io.openedge.mqtt.client;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttHandler;
import java.util.function.Consumer;

/**
 * The one reference to the user of a connection: once detached, nothing of it is called or held. Thread rule: called on
 * the connection's thread, detached from any.
 */
final class Callbacks {
    private static final MqttHandler NOBODY = delivery -> {};

    private final StateLog log;
    private volatile MqttHandler handler;

    Callbacks(MqttHandler handler, StateLog log) {
        this.handler = handler;
        this.log = log;
    }

    void message(Delivery delivery) {
        tell(user -> user.onMessage(delivery));
    }

    void pause() {
        tell(MqttHandler::onPause);
    }

    void connected() {
        tell(MqttHandler::onConnected);
    }

    void disconnected(String reason) {
        tell(user -> user.onDisconnected(reason));
    }

    void failed(String reason) {
        tell(user -> user.onFailed(reason));
    }

    /** Whether the user keeps messages of QoS 2 from one connection to the next. */
    boolean exactlyOnce() {
        return handler.exactlyOnce();
    }

    void detach() {
        handler = NOBODY;
    }

    private void tell(Consumer<MqttHandler> event) {
        try {
            event.accept(handler);
        } catch (RuntimeException | Error failure) {
            log.handlerFailed(failure);
        }
    }
}
