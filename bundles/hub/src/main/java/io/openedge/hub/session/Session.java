package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Subscriber;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.store.MemoryBudget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the hub knows of one client: subscriptions, messages in flight, messages that wait. It belongs to one event loop,
 * which alone touches it; a persistent session moves to the loop of the client's next connection. Others reach it
 * through {@link #deliver}.
 */
final class Session implements Subscriber {
    /** Messages taken from the inbox before others on the loop have their turn. */
    private static final int TURN = 256;

    private final String clientId;
    private final boolean clean;
    private final Broker broker;
    private final Inbox inbox = new Inbox();
    private final Runnable drain = this::drain;
    private final Map<TopicFilter, Integer> subscriptions = new HashMap<>();
    private final InFlight inFlight;
    private final Unreleased unreleased;
    private final Waiting waitingQos0;
    private final Waiting waitingQos1;
    private volatile EventLoop owner;
    private volatile boolean online;
    private boolean discarded;
    /** Set once a subscription was withdrawn: what is on its way by it stops here. */
    private @Nullable Principal rights;

    private @Nullable Connection connection;

    Session(String clientId, boolean clean, Broker broker, EventLoop owner) {
        this.clientId = clientId;
        this.clean = clean;
        this.broker = broker;
        this.owner = owner;
        Limits limits = broker.limits();
        inFlight = new InFlight(
                limits.window(), limits.windowBytes(), broker.memory().waiting());
        unreleased = new Unreleased(broker.memory().waiting());
        waitingQos0 = new Waiting(0, limits.waitingQos0(), clientId, broker);
        waitingQos1 = new Waiting(1, limits.waitingQos1(), clientId, broker);
    }

    // Any thread

    @Override
    public boolean deliver(Message message, int qos) {
        if (qos == 0 && !online) {
            return true;
        }
        EventLoop loop = owner;
        if (loop.inEventLoop() && inbox.idle()) {
            acceptGuarded(new Delivery(message, qos, false));
            return true;
        }
        Limits limits = broker.limits();
        if (qos == 0 && inbox.exceeds(2L * limits.inbox(), 2 * limits.inboxBytes())) {
            broker.counters().dropped(Drop.LAG, 0, 1);
            return false;
        }
        boolean room = broker.memory().passing().owe(message.weight());
        if (inbox.add(new Delivery(message, qos, false))) {
            run(loop, drain);
        }
        return room && !inbox.exceeds(limits.inbox(), limits.inboxBytes());
    }

    @Override
    public void behind(Runnable task) {
        run(owner, task);
    }

    private void run(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops, {} gets nothing more", clientId, e);
        }
    }

    // The owner

    private void drain() {
        EventLoop loop = owner;
        if (!loop.inEventLoop()) {
            run(loop, drain);
            return;
        }
        int count = 0;
        long weight = 0;
        try {
            for (Delivery next = inbox.poll(); next != null; next = count < TURN ? inbox.poll() : null) {
                count++;
                weight += next.message().weight();
                acceptGuarded(next);
            }
        } finally {
            broker.memory().passing().give(weight);
            if (inbox.taken(count, weight)) {
                run(loop, drain);
            }
        }
    }

    /** A fault here is this client's, never that of the loop or of the publisher. */
    private void acceptGuarded(Delivery delivery) {
        try {
            accept(delivery);
        } catch (RuntimeException | Error e) {
            Connection current = connection;
            if (current == null) {
                broker.log().error("a message for the absent client {} could not be kept", clientId, e);
            } else {
                current.failed(e);
            }
        }
    }

    private void accept(Delivery delivery) {
        if (discarded) {
            return;
        }
        if (rights != null && withdrawn(delivery.message())) {
            broker.counters().dropped(Drop.RIGHTS, delivery.qos, 1);
            return;
        }
        Outbound out = out();
        if (delivery.qos == 0) {
            if (out != null && waitingQos0.empty() && out.writable()) {
                out.publish(delivery.message(), 0, delivery.retain, false, 0);
            } else if (out != null) {
                waitingQos0.add(delivery, false);
            }
        } else if (out != null && waitingQos1.empty() && inFlight.room() && out.writable() && weigh(delivery)) {
            send(delivery, out);
        } else {
            waitingQos1.add(delivery, out == null);
        }
    }

    /** One in flight is always possible: who takes what it gets is not stopped by those who do not. */
    private boolean weigh(Delivery delivery) {
        MemoryBudget memory = broker.memory().waiting();
        int weight = delivery.message().weight();
        if (inFlight.count() > 0 && !memory.take(weight)) {
            return false;
        }
        if (inFlight.count() == 0) {
            memory.owe(weight);
        }
        delivery.weight = weight;
        return true;
    }

    private void send(Delivery delivery, Outbound out) {
        int id = inFlight.add(delivery);
        out.publish(delivery.message(), delivery.qos, delivery.retain, false, id);
    }

    /** Sends what waits, as far as the client takes it. */
    void pump() {
        Outbound out = out();
        if (out == null) {
            return;
        }
        while (!waitingQos1.empty() && inFlight.room() && out.writable()) {
            send(waitingQos1.take(), out);
        }
        while (!waitingQos0.empty() && out.writable()) {
            Delivery next = waitingQos0.take();
            broker.memory().waiting().give(next.weight);
            out.publish(next.message(), 0, next.retain, false, 0);
        }
    }

    /** A retained message for a new subscription. */
    void retained(Message message, int qos) {
        accept(new Delivery(message, qos, true));
    }

    void acknowledged(int packetId) {
        if (inFlight.acknowledge(packetId)) {
            pump();
        }
    }

    /** PUBREC. False when there was no such message: it is answered all the same, or the client would ask for ever. */
    boolean received(int packetId) {
        boolean known = inFlight.contains(packetId);
        Outbound out = out();
        if (inFlight.received(packetId) && out != null) {
            out.answer(Outbound.PUBREL, packetId);
            pump();
        }
        return known;
    }

    /** PUBCOMP. */
    void completed(int packetId) {
        if (inFlight.complete(packetId)) {
            pump();
        }
    }

    /** What the client publishes with QoS 2. */
    Unreleased unreleased() {
        return unreleased;
    }

    /** The client is here: what it has not acknowledged goes first, once more, then what waited. */
    void attach(Connection client) {
        connection = client;
        online = true;
        Outbound out = client.out();
        if (rights != null) {
            broker.counters().dropped(Drop.RIGHTS, 1, inFlight.withdraw(this::withdrawn));
        }
        unreleased.settle();
        inFlight.forEach((delivery, id) -> {
            if (delivery.message == null) {
                out.answer(Outbound.PUBREL, id);
            } else {
                out.publish(delivery.message(), delivery.qos, delivery.retain, true, id);
            }
        });
        pump();
    }

    /** The client is gone; what it may still acknowledge or get later stays. */
    void detach() {
        connection = null;
        online = false;
        waitingQos0.clear();
        unreleased.settle();
    }

    /** The next connection of the client lives on another loop. Afterwards that loop is the owner. */
    void moveTo(EventLoop loop) {
        owner = loop;
    }

    /** The end: nothing of it is left in the hub. */
    void discard() {
        discarded = true;
        online = false;
        connection = null;
        List.copyOf(subscriptions.keySet()).forEach(this::unsubscribe);
        waitingQos0.clear();
        waitingQos1.clear();
        inFlight.clear();
        unreleased.clear();
        if (!clean) {
            broker.sessions().remove(clientId);
        }
    }

    /** False when there are too many, or there is no memory for one more. */
    boolean subscribe(TopicFilter filter, int qos) {
        boolean more = !subscriptions.containsKey(filter);
        if (more
                && (subscriptions.size() >= broker.limits().filters()
                        || !broker.memory().subscriptions().take(filter.weight()))) {
            return false;
        }
        broker.counters().subscribed(more ? 1 : 0);
        subscriptions.put(filter, qos);
        broker.router().subscribe(filter, this, qos);
        return true;
    }

    void unsubscribe(TopicFilter filter) {
        if (subscriptions.remove(filter) != null) {
            broker.counters().subscribed(-1);
            broker.memory().subscriptions().give(filter.weight());
            broker.router().unsubscribe(filter, this);
        }
    }

    /** Ends the subscriptions that the rights no longer cover, with all that waits by them. */
    void revise(Principal now) {
        List<TopicFilter> gone = subscriptions.keySet().stream()
                .filter(filter -> !now.maySubscribe(filter))
                .toList();
        if (gone.isEmpty() && rights == null) {
            return;
        }
        gone.forEach(this::unsubscribe);
        rights = now;
        waitingQos0.withdraw(this::withdrawn);
        waitingQos1.withdraw(this::withdrawn);
        if (!gone.isEmpty()) {
            broker.log().info("client {} may not listen to {} any more", clientId, gone);
        }
        if (!clean && !gone.isEmpty()) {
            broker.sessions().save(clientId, subscriptions());
        }
    }

    private boolean withdrawn(Message message) {
        Principal now = rights;
        return now != null && !now.mayRead(message.topic());
    }

    Map<TopicFilter, Integer> subscriptions() {
        return Map.copyOf(subscriptions);
    }

    boolean clean() {
        return clean;
    }

    private @Nullable Outbound out() {
        Connection current = connection;
        return current == null ? null : current.out();
    }
}
