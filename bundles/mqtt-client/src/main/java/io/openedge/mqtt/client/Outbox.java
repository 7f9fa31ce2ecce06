package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConfig;
import com.hivemq.client.internal.mqtt.handler.publish.outgoing.MqttAckFlowable;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import com.hivemq.client.internal.mqtt.message.publish.MqttPublishResult;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.netty.channel.ChannelHandler;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttMessage;
import io.reactivex.disposables.Disposable;
import io.reactivex.disposables.Disposables;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way to the broker. Any thread offers; all else happens on the connection's thread. What the HiveMQ
 * client has taken it sends again after a reconnect; what is offered without a connection waits here.
 */
final class Outbox {
    private final Executor loop;
    private final int waitingLimit;
    private final Duration answerLimit;
    private final OutboxLimits limits;
    private final Queue<OutgoingMessage> offered = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Queue<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Set<OutgoingMessage> sent = new HashSet<>();
    private final Map<Integer, OutgoingMessage> received = new HashMap<>();
    private final OutgoingStream stream = new OutgoingStream(this::next);
    private Disposable results = Disposables.disposed();
    private boolean opened;
    private boolean idsFree;
    private @Nullable Consumer<ChannelHandler> pipeline;
    private volatile boolean online;
    private volatile boolean closed;

    /**
     * @param loop the connection's thread
     * @param limits how many may be on their way
     * @param waitingLimit messages of QoS 1 and 2 that are taken while there is no connection
     * @param answerLimit how long the broker may take to release packet ids
     */
    Outbox(Executor loop, OutboxLimits limits, int waitingLimit, Duration answerLimit) {
        this.loop = loop;
        this.limits = limits;
        this.waitingLimit = waitingLimit;
        this.answerLimit = answerLimit;
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
        if (!limits.take(outgoing.kept(), outgoing.size())) {
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

    private @Nullable OutgoingMessage next() {
        OutgoingMessage message = online ? waiting.peek() : null;
        if (message == null || (message.getQos() == MqttQos.EXACTLY_ONCE && !idsFree)) {
            if (message != null) {
                freeIds();
            }
            return null;
        }
        sent.add(waiting.remove());
        return message;
    }

    private void freeIds() {
        Consumer<ChannelHandler> connection = pipeline;
        if (connection != null) {
            pipeline = null;
            connection.accept(new StaleIds(OutboxLimits.KEPT, answerLimit, () -> {
                idsFree = true;
                stream.emit();
            }));
        }
    }

    /** A broker without a session has no packet ids that wait for their release. */
    void startedAnew() {
        idsFree = true;
    }

    /**
     * The broker has accepted the connection of the client.
     *
     * @param pipeline takes handlers into this connection
     */
    void online(MqttClientConfig client, Consumer<ChannelHandler> pipeline) {
        online = true;
        this.pipeline = pipeline;
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
        if (error != null || message.getQos() != MqttQos.EXACTLY_ONCE) {
            settled(message, error);
        }
    }

    /** The broker has received a message of QoS 2; it may still forget it, until it has been told to release it. */
    void received(int packetId, MqttPublish message) {
        received.put(packetId, (OutgoingMessage) message);
    }

    /** The exchange of QoS 2 is over. */
    void completed(int packetId) {
        OutgoingMessage message = received.remove(packetId);
        if (message != null) {
            settled(message, null);
        }
    }

    private void settled(OutgoingMessage message, @Nullable Throwable error) {
        if (sent.remove(message)) {
            limits.release(message.kept(), message.size());
            if (error == null) {
                message.done();
            } else {
                message.failed(Reason.ofMessage(error));
            }
        }
    }

    /** The connection is gone. */
    void offline() {
        online = false;
        pipeline = null;
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
        limits.release(message.kept(), message.size());
        message.failed(reason);
    }
}
