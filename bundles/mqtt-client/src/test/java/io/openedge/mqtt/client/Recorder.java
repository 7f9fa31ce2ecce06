package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears a connection and keeps what it heard. */
final class Recorder implements MqttHandler {
    final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    final BlockingQueue<String> states = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    private final boolean exactlyOnce;

    Recorder() {
        this(false);
    }

    /** @param exactlyOnce whether it keeps messages of QoS 2 from one connection to the next */
    Recorder(boolean exactlyOnce) {
        this.exactlyOnce = exactlyOnce;
    }

    @Override
    public boolean exactlyOnce() {
        return exactlyOnce;
    }

    @Override
    public void onMessage(Delivery delivery) {
        deliveries.add(delivery);
    }

    @Override
    public void onConnected() {
        states.add("connected");
    }

    @Override
    public void onDisconnected(String reason) {
        states.add("disconnected: " + reason);
    }

    @Override
    public void onFailed(String reason) {
        failures.add(reason);
    }

    Delivery next() throws InterruptedException {
        Delivery delivery = deliveries.poll(20, TimeUnit.SECONDS);
        assertThat(delivery).as("a delivery").isNotNull();
        return delivery;
    }

    String nextText() throws InterruptedException {
        return text(next());
    }

    String nextState() throws InterruptedException {
        String state = states.poll(20, TimeUnit.SECONDS);
        assertThat(state).as("a change of the connection").isNotNull();
        return state;
    }

    static String text(Delivery delivery) {
        return new String(delivery.message().payload(), StandardCharsets.UTF_8);
    }
}
