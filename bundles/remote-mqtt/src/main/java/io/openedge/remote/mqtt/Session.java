package io.openedge.remote.mqtt;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleContext;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One session of the bridge at a broker: messages that come go into a flow, those of another flow are published in it.
 *
 * <p>Thread rule: the handler's methods are called by the connection; the rest is for any thread.
 */
final class Session implements MqttHandler, AutoCloseable {
    /** Hears of the session's connection, on its thread. */
    interface Listener {
        void connected();

        /** @param lost whether there was a connection */
        void away(String reason, boolean lost);
    }

    private final MqttClientConfig config;
    private final Echoes echoes;
    private final CompletableFuture<MqttClient> client = new CompletableFuture<>();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    private volatile List<Listener> listeners = List.of();
    private volatile boolean up;
    private volatile int connection;
    private volatile Consumer<Delivery> receiver = delivery -> {};

    Session(MqttClientConfig config, Echoes echoes) {
        this.config = config;
        this.echoes = echoes;
    }

    /**
     * Before it is opened.
     *
     * @param into where messages go that come
     * @param users hear of the connection, in this order
     */
    void serve(Consumer<Delivery> into, List<Listener> users) {
        receiver = into;
        listeners = List.copyOf(users);
    }

    /** Connects; a broker that is away is waited for. */
    void open(ModuleContext context) throws ConfigException {
        client.complete(context.connect(config, this));
    }

    String clientId() {
        return config.clientId();
    }

    Echoes echoes() {
        return echoes;
    }

    /** Whether the broker sends again what was not acknowledged. */
    boolean kept() {
        return !config.cleanSession();
    }

    /** Whether it subscribes to anything. */
    boolean hears() {
        return !config.subscriptions().isEmpty();
    }

    /** Completes when it is connected for the first time, subscriptions included. */
    CompletableFuture<Void> reached() {
        return reached.copy();
    }

    boolean up() {
        return up;
    }

    /** Names the connection: what came over another one and was not acknowledged, but for QoS 2, comes again. */
    int connection() {
        return connection;
    }

    /** What is spoken with the broker; before it is opened nobody knows. */
    Optional<MqttVersion> version() {
        return client.isDone() ? Optional.of(client.join().version()) : Optional.empty();
    }

    CompletionStage<Void> publish(MqttMessage message) {
        return client.thenCompose(it -> it.publish(message));
    }

    @Override
    public boolean exactlyOnce() {
        return true;
    }

    @Override
    public void onMessage(Delivery delivery) {
        receiver.accept(delivery);
    }

    @Override
    public void onConnected() {
        echoes.connected(); // before anything is published whose echo it hears
        up = true;
        reached.complete(null);
        listeners.forEach(Listener::connected);
    }

    @Override
    public void onDisconnected(String reason) {
        away(reason, true);
    }

    @Override
    public void onFailed(String reason) {
        away(reason, false);
    }

    private void away(String reason, boolean lost) {
        up = false;
        connection++;
        echoes.disconnected();
        listeners.forEach(each -> each.away(reason, lost));
    }

    @Override
    public void close() {
        if (client.isDone()) {
            client.join().close();
        }
    }
}
