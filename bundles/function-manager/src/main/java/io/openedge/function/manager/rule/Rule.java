package io.openedge.function.manager.rule;

import io.openedge.app.ConfigException;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.manager.pool.Lane;
import io.openedge.function.manager.pool.Loop;
import io.openedge.function.manager.pool.Pool;
import io.openedge.function.manager.pool.Repeats;
import io.openedge.function.manager.rule.RuleConfig.Target;
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
import java.util.concurrent.CompletableFuture;
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

    private static final int MILLIS = 1000;
    /** In the reason of a connection that the hub has ended. */
    private static final String CLOSED = "closed the connection";

    private final RuleConfig config;
    private final String name;
    private final Lane lane;
    private final Loop loop;
    private final InstantSource clock;
    private final Logger log;
    private final Drops drops;
    private final Repeats failures;
    private final HubReport hub;
    private final CompletableFuture<MqttClient> client = new CompletableFuture<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final ResultPublisher results;
    private final Handover handover;
    private final InvokeIds ids = new InvokeIds();
    private final Redeliveries redeliveries = new Redeliveries();
    private final TopicOrder order = new TopicOrder();
    private final Deque<Delivery> waiting = new ArrayDeque<>();
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
        this.lane = pool.lane(this::feed);
        this.loop = loop;
        this.clock = clock;
        this.log = log;
        this.hub = hub;
        this.failures = new Repeats(loop, log);
        this.drops = new Drops(loop, log, name);
        this.results = new ResultPublisher(client, loop, log);
        this.handover = new Handover(loop, this::take);
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
        if (!handover.offer(delivery)) {
            drops.count("they come faster than they can be taken");
        }
    }

    @Override
    public void onPause() {
        handover.flush();
    }

    @Override
    public void onConnected() {
        log.debug("rule {}: connected to the hub", name);
        connected.complete(null);
        loop.execute(() -> hub.connected(name));
    }

    @Override
    public void onFailed(String reason) {
        loop.execute(() -> notConnected(reason));
    }

    private void notConnected(String reason) {
        hub.notConnected(name, reason);
        if (reason.contains(CLOSED)) {
            results.closedByHub()
                    .ifPresent(
                            topic -> failures.warn("rule " + name + ": the hub closes the connection each time it gets"
                                    + " a result for " + topic + ": the user needs the right to publish there"));
        }
    }

    /** What waits can no longer be acknowledged: a hub that keeps the session sends it again. */
    @Override
    public void onDisconnected(String reason) {
        log.debug("rule {}: no connection to the hub: {}", name, reason);
        handover.flush(); // they came before
        loop.execute(() -> {
            notConnected(reason);
            ended++;
            if (!cleanSession) {
                waiting.clear();
                redeliveries.connectionLost();
            }
        });
    }

    private void take(Delivery delivery) {
        if (closing) {
            return;
        }
        Passage before = delivery.message().qos() == 0 ? null : redeliveries.find(delivery);
        if (before != null) {
            before.deliveredAgain(delivery, ended);
        } else if (!waiting.isEmpty() || !submit(delivery)) {
            await(delivery);
        }
    }

    private void await(Delivery delivery) {
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
        if (!lane.reserve(message.payload().length)) {
            return false;
        }
        String id = message.qos() == 0
                ? ids.next()
                : redeliveries.invokeId(delivery).orElseGet(ids::next);
        Passage passage = new Passage(this, id, delivery, ended);
        if (message.qos() > 0) {
            redeliveries.opened(passage);
        }
        if (!config.order() || order.enter(passage)) {
            run(passage);
        }
        return true;
    }

    private void run(Passage passage) {
        MqttMessage message = passage.delivery().message();
        FunctionMessage call = new FunctionMessage(
                0,
                message.qos(),
                message.topic(),
                message.payload(),
                clock.millis() / MILLIS,
                config.function().name(),
                passage.invokeId());
        lane.run(call, config.retry().max(), passage);
    }

    void answered(Passage passage, byte[] result) {
        if (result.length == 0) {
            settled(passage, true);
        } else {
            publish(passage, config.publish(), result);
        }
    }

    void failed(Passage passage, FunctionMessage message, FunctionException error, int tries) {
        failures.warn("rule " + name + ": no answer for a message on " + message.topic() + ": " + error.getMessage());
        Target deadletter = config.deadletter();
        if (deadletter == null) {
            publish(passage, config.publish(), ErrorMessage.of(message, error));
        } else {
            publish(passage, deadletter, ErrorMessage.deadLetter(message, error, tries));
        }
    }

    private void publish(Passage passage, Target target, byte[] payload) {
        int qos = Math.min(target.qos(), passage.qos());
        results.publish(
                new MqttMessage(target.topic(), payload, qos, false),
                passage.qos(),
                () -> connected(passage),
                safe -> settled(passage, safe));
    }

    /** Whether the hub hears an acknowledgement, or sends the message again by itself. */
    private boolean connected(Passage passage) {
        return passage.connection() == ended && !closing;
    }

    /** @param safe whether nothing more is to be done; otherwise it is lost at QoS 0 and left to the hub at QoS 1 */
    void settled(Passage passage, boolean safe) {
        if (passage.qos() > 0) {
            redeliveries.closed(passage, cleanSession || safe && connected(passage));
        }
        if (safe) {
            passage.delivery().acknowledge();
        } else if (passage.qos() == 0) {
            drops.count("the hub did not take the result");
        }
        if (config.order()) {
            next(passage, safe);
        }
        lane.settled(passage.size());
    }

    /** What is left to the hub comes again before those behind it: they are left to the hub too. */
    private void next(Passage passage, boolean safe) {
        if (!safe && passage.qos() > 0) {
            order.withdraw(passage.topic()).forEach(this::giveUp);
        }
        Passage next = order.leave(passage.topic());
        if (next != null) {
            run(next);
        }
    }

    private void giveUp(Passage passage) {
        if (passage.qos() > 0) {
            redeliveries.closed(passage, cleanSession);
        } else {
            drops.count("one of QoS 1 before it on its topic is left to the hub");
        }
        lane.settled(passage.size());
    }

    /** Takes no more messages; those that wait are left to the hub. Call it on the loop. */
    public void drain() {
        closing = true;
        waiting.clear();
        order.withdrawAll().forEach(this::giveUp);
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
