package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConfig;
import com.hivemq.client.internal.mqtt.handler.publish.outgoing.MqttAckFlowable;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import io.reactivex.disposables.Disposable;
import io.reactivex.disposables.Disposables;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Messages on their way to the broker. Any thread offers; all else happens on the connection's thread. What the HiveMQ
 * client has taken it sends again after a reconnect; what is offered without a connection waits here.
 */
final class Outbox {
    private final Executor loop;
    private final int waitingLimit;
    private final OutboxLimits limits = new OutboxLimits();
    private final Queue<OutgoingMessage> offered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Queue<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Set<OutgoingMessage> sent = new HashSet<>();
    private final OutgoingStream stream = new OutgoingStream(this::next);
    private Disposable results = Disposables.disposed();
    private boolean opened;
    private volatile boolean online;
    private volatile boolean closed;

    /**
     * @param loop the connection's thread
     * @param waitingLimit messages of QoS 1 and 2 that are taken while there is no connection
     */
    Outbox(Executor loop, int waitingLimit) {
        this.loop = loop;
        this.waitingLimit = waitingLimit;
    }

    /** Takes a message, from any thread; never blocks. */
    CompletionStage<Void> publish(MqttMessage message) {
        OutgoingMessage outgoing;
        try {
            outgoing = new OutgoingMessage(message);
        } catch (IllegalArgumentException | NullPointerException wrong) {
            return CompletableFuture.failedStage(new MqttException("No message: " + wrong.getMessage()));
        }
        if (closed || (!online && !outgoing.kept())) {
            return CompletableFuture.failedStage(new MqttException(closed ? "The client is closed" : "No connection"));
        }
        if (!limits.take(outgoing)) {
            return CompletableFuture.failedStage(new MqttException("Too many messages are on their way"));
        }
        offered.add(outgoing);
        schedule();
        return outgoing.completion();
    }

    private void schedule() {
        try {
            if (!closed && scheduled.compareAndSet(false, true)) {
                loop.execute(this::acceptOffered);
            }
        } catch (RejectedExecutionException over) {
            closed = true;
        }
        if (closed) {
            failOffered();
        }
    }

    private void acceptOffered() {
        scheduled.set(false);
        for (OutgoingMessage message = offered.poll(); message != null; message = offered.poll()) {
            if (online || (message.kept() && waiting.size() < waitingLimit)) {
                waiting.add(message);
            } else {
                fail(message, message.kept() ? "No connection, and the buffer is full" : "No connection");
            }
        }
        stream.emit();
    }

    private OutgoingMessage next() {
        OutgoingMessage message = online ? waiting.poll() : null;
        if (message != null) {
            sent.add(message);
        }
        return message;
    }

    /** The broker has accepted the connection of the client. */
    void online(MqttClientConfig client) {
        online = true;
        if (!opened) {
            opened = true;
            results = new MqttAckFlowable(client, stream).subscribe(this::result, lost -> failAll(Reason.of(lost)));
        }
        stream.emit();
    }

    private void result(Mqtt5PublishResult result) {
        MqttPublishResult outcome = (MqttPublishResult) result;
        OutgoingMessage message = (OutgoingMessage) outcome.getPublish();
        Throwable error = outcome.getRawError();
        if (sent.remove(message)) {
            limits.release(message);
            if (error == null) {
                message.done();
            } else {
                message.failed(Reason.of(error));
            }
        }
    }

    /** The connection is gone. */
    void offline() {
        online = false;
        waiting.removeIf(message -> {
            if (!message.kept()) {
                fail(message, "No connection");
            }
            return !message.kept();
        });
    }

    /** No message goes out any more; what is not acknowledged has failed. */
    void close() {
        closed = true;
        online = false;
        results.dispose();
        failOffered();
        failAll("The client is closed");
    }

    private void failOffered() {
        for (OutgoingMessage message = offered.poll(); message != null; message = offered.poll()) {
            fail(message, "The client is closed");
        }
    }

    private void failAll(String reason) {
        for (OutgoingMessage message = waiting.poll(); message != null; message = waiting.poll()) {
            fail(message, reason);
        }
        Set<OutgoingMessage> failed = Set.copyOf(sent);
        sent.clear();
        failed.forEach(message -> fail(message, reason));
    }

    private void fail(OutgoingMessage message, String reason) {
        limits.release(message);
        message.failed(reason);
    }
}
