package io.openedge.cli;

import io.openedge.app.ConfigException;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.client.MqttClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.helpers.NOPLogger;

/** The one connection of a command. Any thread; messages come on the connection's thread. */
final class MqttSession implements AutoCloseable, MqttHandler {
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final Consumer<String> debug;
    private final Consumer<MqttMessage> messages;
    private final boolean stays;
    private final String address;
    private final MqttClient client;

    /**
     * @param stays whether a connection that was up and is lost is waited for
     * @param debug hears what the connection does
     * @param messages hears what comes in
     */
    MqttSession(MqttClientConfig config, boolean stays, Consumer<String> debug, Consumer<MqttMessage> messages)
            throws ConfigException {
        this.debug = debug;
        this.messages = messages;
        this.stays = stays;
        this.address = config.address();
        this.client = MqttClients.connect(
                config,
                Path.of("").toAbsolutePath(),
                (host, port) -> Optional.empty(),
                NOPLogger.NOP_LOGGER, // what the handler hears is all there is to say
                this);
    }

    /**
     * Waits until the connection is up and the subscriptions are made.
     *
     * @return false when the time is over
     */
    boolean connects(Duration limit) throws CommandException, InterruptedException {
        return happens(connected, limit);
    }

    /** Publishes and waits until the message is on its way, or the broker has it. */
    void publish(MqttMessage message, Duration limit) throws CommandException, InterruptedException {
        if (!happens(client.publish(message).toCompletableFuture(), limit)) {
            throw new CommandException("the broker did not acknowledge within " + limit.toSeconds() + " s");
        }
    }

    /**
     * Waits for an event; a failure of the connection ends the wait.
     *
     * @return false when the time is over
     */
    boolean happens(CompletableFuture<?> event, Duration limit) throws CommandException, InterruptedException {
        try {
            CompletableFuture.anyOf(event, failed).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new CommandException(e.getCause().getMessage());
        }
    }

    @Override
    public void onMessage(Delivery delivery) {
        try {
            messages.accept(delivery.message());
            delivery.acknowledge();
        } catch (RuntimeException e) {
            failed.completeExceptionally(new CommandException("a message could not be handled: " + e));
        }
    }

    @Override
    public void onConnected() {
        debug.accept("connected to " + address);
        connected.complete(null);
    }

    @Override
    public void onDisconnected(String reason) {
        fail("connection to " + address + " lost: " + reason);
    }

    @Override
    public void onFailed(String reason) {
        fail("no connection to " + address + ": " + reason);
    }

    @Override
    public void close() {
        client.close();
    }

    private void fail(String reason) {
        debug.accept(reason);
        if (stays && connected.isDone()) {
            return;
        }
        failed.completeExceptionally(new CommandException(reason));
    }
}
