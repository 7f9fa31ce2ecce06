package io.openedge.function.manager.rule;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.pool.Loop;
import io.openedge.function.manager.pool.Outcome;
import io.openedge.function.manager.pool.Pool;
import io.openedge.function.manager.pool.Repeats;
import io.openedge.module.ModuleContext;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * One rule: a session at the hub of its own, whose messages go to a pool and whose results go back over the same
 * connection. A message of QoS 1 is acknowledged once its result is safe; until the pool has a place it waits here
 * unacknowledged, which stops the hub's window. One of QoS 0 that finds no place is lost and counted.
 *
 * <p>Thread rule: the handler's methods are called by the connection and hand over to the loop; the rest is on the loop,
 * but for {@link #open} and {@link #close}.
 */
public final class Rule implements MqttHandler, AutoCloseable {
    /** Packet identifiers of a connection: more cannot be unacknowledged. */
    private static final int MOST_WAITING = 65535;
    /** Messages between the connection and the loop. */
    private static final int MOST_HANDED_OVER = 10000;
    /** Their payloads; a single one may be larger. Unit: bytes. */
    private static final long MOST_BYTES_HANDED_OVER = 8L << 20;

    private final RuleConfig config;
    private final String name;
    private final Pool pool;
    private final Loop loop;
    private final InstantSource clock;
    private final Logger log;
    private final Drops drops;
    private final Repeats failures;
    private final HubReport hub;
    private final CompletableFuture<MqttClient> client = new CompletableFuture<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final ResultPublisher results;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final AtomicInteger handedOver = new AtomicInteger();
    private final AtomicLong bytesHandedOver = new AtomicLong();
    /** Connections that have ended; on the loop. */
    private int ended;

    private volatile boolean cleanSession;
    private volatile boolean closing;

    /**
     * @param name its client id
     * @param hub hears of the connection
     * @param clock of the messages' timestamps
     */
    public Rule(RuleConfig config, String name, Pool pool, Loop loop, HubReport hub, InstantSource clock, Logger log) {
        this.config = config;
        this.name = name;
        this.pool = pool;
        this.loop = loop;
        this.clock = clock;
        this.log = log;
        this.hub = hub;
        this.failures = new Repeats(loop, log);
        this.drops = new Drops(loop, log, name);
        this.results = new ResultPublisher(client, loop, log);
        pool.addFeeder(this::feed);
    }

    /** Connects; a hub that is away is waited for. */
    public void open(ModuleContext context, MqttClientConfig hub) throws ConfigException {
        cleanSession = hub.cleanSession();
        client.complete(context.connect(hub.session(name, List.of(config.subscribe())), this));
    }

    /** Completes when the rule has been connected for the first time. */
    public CompletableFuture<Void> connected() {
        return connected.copy();
    }

    @Override
    public void onMessage(Delivery delivery) {
        int bytes = delivery.message().payload().length;
        boolean full = handedOver.get() >= MOST_HANDED_OVER || bytesHandedOver.get() >= MOST_BYTES_HANDED_OVER;
        if (full && delivery.message().qos() == 0) {
            drops.count("they come faster than they can be taken");
            return;
        }
        handedOver.incrementAndGet();
        bytesHandedOver.addAndGet(bytes);
        loop.execute(() -> {
            handedOver.decrementAndGet();
            bytesHandedOver.addAndGet(-bytes);
            take(delivery);
        });
    }

    @Override
    public void onConnected() {
        log.debug("rule {}: connected to the hub", name);
        connected.complete(null);
        loop.execute(() -> hub.connected(name));
    }

    @Override
    public void onFailed(String reason) {
        loop.execute(() -> hub.notConnected(name, reason));
    }

    /** What waits can no longer be acknowledged: a hub that keeps the session sends it again. */
    @Override
    public void onDisconnected(String reason) {
        log.debug("rule {}: no connection to the hub: {}", name, reason);
        loop.execute(() -> {
            hub.notConnected(name, reason);
            ended++;
            if (!cleanSession) {
                waiting.clear();
            }
        });
    }

    private void take(Delivery delivery) {
        if (closing || waiting.isEmpty() && submit(delivery)) {
            return;
        }
        if (delivery.message().qos() == 0) {
            drops.count("function " + config.function().name() + " is too slow");
        } else if (waiting.size() < MOST_WAITING) {
            waiting.addLast(delivery);
        } else {
            log.error("rule {}: more messages than a connection can have wait; one is left to the hub", name);
        }
    }

    private boolean feed() {
        Delivery next = waiting.peekFirst();
        if (next == null || !submit(next)) {
            return false;
        }
        waiting.removeFirst();
        return true;
    }

    private boolean submit(Delivery delivery) {
        MqttMessage message = delivery.message();
        FunctionMessage call = new FunctionMessage(
                0,
                message.qos(),
                message.topic(),
                message.payload(),
                clock.instant().getEpochSecond(),
                config.function().name(),
                UUID.randomUUID().toString());
        return pool.submit(call, config.retry().max(), new Answer(delivery));
    }

    /** What becomes of one delivery. */
    private final class Answer implements Outcome {
        private final Delivery delivery;
        private final int connection = ended;

        Answer(Delivery delivery) {
            this.delivery = delivery;
        }

        /** Whether the hub hears an acknowledgement, or sends the message again by itself. */
        private boolean connected() {
            return connection == ended && !closing;
        }

        @Override
        public void answered(FunctionMessage answer) {
            if (answer.payload().length == 0) {
                published(true);
            } else {
                publish(answer.payload());
            }
        }

        @Override
        public void failed(FunctionMessage message, FunctionException error) {
            failures.warn(
                    "rule " + name + ": no answer for a message on " + message.topic() + ": " + error.getMessage());
            publish(ErrorMessage.of(message, error));
        }

        @Override
        public void abandoned() {
            published(false);
        }

        private void publish(byte[] payload) {
            int inputQos = delivery.message().qos();
            int qos = Math.min(config.publish().qos(), inputQos);
            results.publish(
                    new MqttMessage(config.publish().topic(), payload, qos, false),
                    inputQos,
                    this::connected,
                    this::published);
        }

        private void published(boolean safe) {
            if (safe) {
                delivery.acknowledge();
            } else if (delivery.message().qos() == 0) {
                drops.count("the hub did not take the result");
            }
            pool.settled(delivery.message().payload().length);
        }
    }

    /** Takes no more messages; those that wait are left to the hub. Call it on the loop. */
    public void drain() {
        closing = true;
        waiting.clear();
        drops.sum();
    }

    /** Disconnects. */
    @Override
    public void close() {
        closing = true;
        if (client.isDone()) {
            client.join().close();
        }
    }
}
