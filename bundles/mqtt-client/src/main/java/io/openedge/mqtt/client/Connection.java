package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.message.subscribe.MqttSubscribe;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientReconnector;
import io.netty.channel.ChannelHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/**
 * A connection that is kept. All its state belongs to its thread; from outside come only messages to publish, and the
 * wish to close.
 */
final class Connection implements MqttClient, Client.Lifecycle, SessionStart.Outcome {
    /** The library flushes after each acknowledgement: those of one turn go out together, so many at most. */
    private static final int MOST_FLUSHES = 64;

    private static final long GOODBYE_MILLIS = 2_000;
    /** Less than the wait before the next try, so that the log keeps the order. */
    private static final long LOSS_MILLIS = 300;

    private final Settings settings;
    private final StateLog log;
    private final Callbacks callbacks;
    private final Backoff backoff;
    private final Dialect dialect;
    private final ConnectionThread thread;
    private final Client client;
    private final Outbox outbox;
    private final DirectOutbox directOutbox;
    private final Inbox inbox;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean ready;
    private volatile Abilities abilities = Abilities.ALL;

    private boolean everConnected;
    /** Whether the session has all its subscriptions. */
    private boolean subscribed;

    private String endReason = "";
    private boolean refusalSaid;
    private Runnable stopWaiting = () -> {};

    Connection(
            Settings settings, ServiceLocator locator, Logger logger, BooleanSupplier stopping, MqttHandler handler) {
        this.settings = settings;
        this.log = new StateLog(logger, settings.config().address(), System::nanoTime, stopping);
        this.callbacks = new Callbacks(handler, log);
        this.backoff = new Backoff(settings.config().interval(), ThreadLocalRandom.current(), System::nanoTime);
        this.dialect = new Dialect(settings.config().versions());
        this.thread = new ConnectionThread("mqtt-" + settings.clientId());
        OutboxLimits limits = new OutboxLimits();
        this.outbox = new Outbox(
                thread.loop(),
                limits,
                settings.config().bufferSize(),
                settings.config().timeout());
        this.directOutbox = new DirectOutbox(thread.loop(), limits);
        this.inbox = new Inbox(callbacks, logger);
        this.client = new Client(settings, dialect, locator, thread.group(), new Releases(outbox), this, this::lane);
    }

    private Optional<ChannelHandler> lane() {
        return settings.endpoint().plain()
                ? Optional.of(new DirectLane(inbox::receive, directOutbox, dialect.spoken()))
                : Optional.empty();
    }

    void start() {
        thread.loop().execute(() -> {
            inbox.register(client.config());
            client.connect();
        });
    }

    @Override
    public CompletionStage<Void> publish(MqttMessage message) {
        MqttMessage fitted = abilities.fitted(message);
        boolean direct = fitted.qos() == 0 && settings.endpoint().plain();
        return direct ? directOutbox.publish(fitted) : outbox.publish(fitted);
    }

    @Override
    public boolean connected() {
        return ready;
    }

    @Override
    public MqttVersion version() {
        return dialect.spoken();
    }

    @Override
    public void onConnected(MqttClientConnectedContext context) {
        endReason = "";
        refusalSaid = false;
        dialect.accepted();
        abilities = client.abilities();
        if (!Client.resumed(context)) {
            outbox.startedAnew();
            subscribed = false;
            if (everConnected) {
                inbox.renewed(client.config());
            }
        }
        everConnected = true;
        outbox.online(client.config(), client::addHandler);
        if (settings.endpoint().plain()) {
            directOutbox.online(client.lane(), abilities);
        }
        MqttSubscribe filters = subscribed && callbacks.exactlyOnce() ? Settings.NO_FILTERS : settings.subscribe();
        client.addHandler(new FlushConsolidationHandler(MOST_FLUSHES, true));
        client.addHandler(new SessionStart(filters, settings.config().timeout(), inbox, this));
        inbox.resumed();
    }

    @Override
    public void subscribed(List<String> refused) {
        if (!refused.isEmpty()) {
            String filters = String.join(", ", refused);
            if (settings.config().validateSubs()) {
                drop("the broker refuses to subscribe to " + filters);
                return;
            }
            log.refused(filters);
        }
        subscribed = refused.isEmpty();
        ready = true;
        backoff.connected();
        log.connected(dialect.spoken(), abilities.limits(), client.sessionLife());
        callbacks.connected();
    }

    @Override
    public void unanswered() {
        drop("the broker does not answer to SUBSCRIBE");
    }

    private void drop(String reason) {
        endReason = reason;
        client.disconnect(() -> {});
    }

    @Override
    public void onDisconnected(MqttClientDisconnectedContext context) {
        boolean wasReady = ready;
        ready = false;
        outbox.offline();
        directOutbox.offline();
        inbox.connectionLost();
        if (closed.get()) {
            return;
        }
        if (dialect.changed(context.getCause())) {
            tryAgain(context.getReconnector(), 0);
            return;
        }
        String reason = endReason.isEmpty() ? Reason.of(context.getCause()) : endReason;
        backoff.disconnected();
        tryAgain(context.getReconnector(), backoff.next());
        if (wasReady) {
            // A hub that stops with its clients may be a little earlier than the word to them.
            thread.loop().schedule(() -> log.lost(reason), LOSS_MILLIS, TimeUnit.MILLISECONDS);
            callbacks.disconnected(reason);
        } else {
            log.failed(reason);
            callbacks.failed(reason);
        }
    }

    private void tryAgain(MqttClientReconnector again, long waitMillis) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        again.reconnect(true)
                .republishIfSessionExpired(true)
                .resubscribeIfSessionExpired(false)
                .delay(0, TimeUnit.MILLISECONDS)
                .reconnectWhen(pause, (ignored, failure) -> client.connectAgain(again));
        var timer = thread.loop().schedule(() -> pause.complete(null), waitMillis, TimeUnit.MILLISECONDS);
        stopWaiting = () -> {
            timer.cancel(false);
            again.reconnect(false);
            pause.complete(null);
        };
    }

    @Override
    public void close() {
        callbacks.detach();
        if (closed.compareAndSet(false, true)) {
            try {
                thread.loop().execute(this::sayGoodbye);
            } catch (RejectedExecutionException over) {
                thread.end();
            }
        }
        thread.awaitEnd(GOODBYE_MILLIS * 2);
    }

    private void sayGoodbye() {
        boolean wasReady = ready;
        ready = false;
        outbox.close();
        directOutbox.close();
        stopWaiting.run();
        var limit = thread.loop().schedule(this::end, GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        client.disconnect(() -> {
            limit.cancel(false);
            end();
        });
        if (wasReady) {
            log.closed();
        }
    }

    private void end() {
        inbox.close();
        thread.end();
    }
}
