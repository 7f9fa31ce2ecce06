package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Subscriber;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Recovered;
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
    private final Broker broker;
    /** By which the store knows it; 0: a clean session, of which it knows nothing. */
    private final int kept;

    private final Inbox inbox = new Inbox();
    private final Runnable drain = this::drain;
    private final Map<TopicFilter, Integer> subscriptions = new HashMap<>(2);
    /** Those that the rights do not cover now: a persistent session gets them back with the rights. */
    private Map<TopicFilter, Integer> suspended = Map.of();

    private final Delivering delivering;
    private final Unreleased unreleased;
    private volatile EventLoop owner;
    private volatile boolean online;
    private boolean discarded;
    /** Set once a subscription was withdrawn: what is on its way by it stops here. */
    private @Nullable Principal rights;

    private @Nullable Connection connection;

    private Session(String clientId, @Nullable Backlog backlog, Broker broker, EventLoop owner) {
        this.clientId = clientId;
        this.kept = backlog == null ? 0 : backlog.number();
        this.broker = broker;
        this.owner = owner;
        delivering = new Delivering(this, clientId, backlog, broker);
        unreleased = new Unreleased(broker.memory().waiting());
    }

    /** Ends with the connection. */
    static Session clean(String clientId, Broker broker, EventLoop owner) {
        return new Session(clientId, null, broker, owner);
    }

    /** Outlives its connections, and the hub. */
    static Session persistent(String clientId, String principal, Broker broker, EventLoop owner) {
        int number = broker.journal().lane(owner).opened(clientId, principal);
        return new Session(clientId, new Backlog(number).empty(), broker, owner);
    }

    /** As it was when the hub ended. Called by the owner. */
    static Session restored(Recovered.Session kept, Broker broker, EventLoop owner) {
        Session session = new Session(kept.clientId(), new Backlog(kept.number()), broker, owner);
        session.delivering.restore(kept);
        kept.incoming().stream().forEach(session.unreleased::restore);
        kept.subscriptions().forEach((filter, qos) -> {
            broker.memory().subscriptions().owe(filter.weight());
            session.take(filter, qos);
        });
        return session;
    }

    // Any thread

    @Override
    public int kept() {
        return kept;
    }

    @Override
    public boolean deliver(Message message, int qos, long place) {
        long ref = kept == 0 ? 0 : place;
        if (!online && (qos == 0 || ref != 0)) {
            return true; // the store has it; the client's next connection fetches it
        }
        EventLoop loop = owner;
        if (loop.inEventLoop() && inbox.idle()) {
            acceptGuarded(new Delivery(message, qos, false, ref));
            return true;
        }
        Limits limits = broker.limits();
        if (qos == 0 && inbox.exceeds(2L * limits.inbox(), 2 * limits.inboxBytes())) {
            broker.counters().dropped(Drop.LAG, 0, 1);
            return false;
        }
        boolean room = broker.memory().passing().owe(message.weight());
        if (inbox.add(new Delivery(message, qos, false, ref))) {
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
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        Connection current = connection;
        if (current == null) {
            broker.log().error("fault of the hub in the session of the absent client {}", clientId, cause);
        } else {
            current.failed(cause);
        }
    }

    private void accept(Delivery delivery) {
        if (discarded) {
            return;
        }
        if (withdrawn(delivery.message())) {
            broker.counters().dropped(Drop.RIGHTS, delivery.qos, 1);
            if (delivery.ref != 0) {
                lane().acknowledged(kept, delivery.ref);
            }
            return;
        }
        delivering.accept(delivery);
    }

    /** A retained message for a new subscription. */
    void retained(Message message, int qos) {
        if (kept == 0 || qos == 0) {
            accept(new Delivery(message, qos, true, 0));
            return;
        }
        lane().retained(
                        message,
                        kept,
                        qos,
                        (ref, failure) -> onOwner(() -> accept(new Delivery(message, qos, true, ref))));
    }

    /** What it sends. */
    Delivering delivering() {
        return delivering;
    }

    /** What the client publishes with QoS 2. */
    Unreleased unreleased() {
        return unreleased;
    }

    /** The client is here: what it has not acknowledged goes first, once more, then what waited. */
    void attach(Connection client) {
        connection = client;
        online = true;
        if (rights != null) {
            delivering.withdrawSent(this::withdrawn);
        }
        unreleased.settle();
        delivering.attach();
    }

    /** The client is gone; what it may still acknowledge or get later stays. */
    void detach() {
        connection = null;
        online = false;
        delivering.detach();
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
        List.copyOf(suspended.keySet()).forEach(this::unsubscribe);
        delivering.clear();
        unreleased.clear();
        if (kept != 0) {
            lane().removed(kept);
        }
    }

    /** False when there are too many, or there is no memory for one more. */
    boolean subscribe(TopicFilter filter, int qos) {
        if (suspended.containsKey(filter)) {
            suspended.remove(filter);
            broker.memory().subscriptions().give(filter.weight());
        }
        boolean more = !subscriptions.containsKey(filter);
        if (more
                && (subscriptions.size() >= broker.limits().filters()
                        || !broker.memory().subscriptions().take(filter.weight()))) {
            return false;
        }
        take(filter, qos);
        if (kept != 0) {
            lane().subscribed(kept, filter, qos);
        }
        return true;
    }

    private void take(TopicFilter filter, int qos) {
        broker.counters().subscribed(subscriptions.containsKey(filter) ? 0 : 1);
        subscriptions.put(filter, qos);
        broker.router().subscribe(filter, this, qos);
    }

    void unsubscribe(TopicFilter filter) {
        if (subscriptions.remove(filter) != null) {
            broker.counters().subscribed(-1);
            broker.memory().subscriptions().give(filter.weight());
            broker.router().unsubscribe(filter, this);
        } else if (suspended.containsKey(filter)) {
            suspended.remove(filter);
            broker.memory().subscriptions().give(filter.weight());
        } else {
            return;
        }
        if (kept != 0 && !discarded) {
            lane().unsubscribed(kept, filter);
        }
    }

    private void withdraw(TopicFilter filter) {
        Integer qos = subscriptions.get(filter);
        if (kept == 0 || qos == null) {
            unsubscribe(filter);
            return;
        }
        subscriptions.remove(filter);
        if (suspended.isEmpty()) {
            suspended = new HashMap<>();
        }
        suspended.put(filter, qos);
        broker.counters().subscribed(-1);
        broker.router().unsubscribe(filter, this);
    }

    private void revive(Principal now) {
        for (TopicFilter filter : List.copyOf(suspended.keySet())) {
            if (now.maySubscribe(filter)) {
                take(filter, suspended.remove(filter));
            }
        }
    }

    /** Ends the subscriptions that the rights no longer cover, with all that waits by them, until they cover them again. */
    void revise(Principal now) {
        revive(now);
        List<TopicFilter> gone = subscriptions.keySet().stream()
                .filter(filter -> !now.maySubscribe(filter))
                .toList();
        if (gone.isEmpty() && rights == null) {
            return;
        }
        gone.forEach(this::withdraw);
        rights = now;
        delivering.withdraw(this::withdrawn);
        if (!gone.isEmpty()) {
            broker.log().info("client {} may not listen to {} any more", clientId, gone);
        }
    }

    boolean withdrawn(Message message) {
        Principal now = rights;
        return now != null && !now.mayRead(message.topic());
    }

    boolean clean() {
        return kept == 0;
    }

    /** The owner's way to the store. */
    Lane lane() {
        return broker.journal().lane(owner);
    }

    /** The session may have moved since it asked. */
    void onOwner(Runnable task) {
        EventLoop loop = owner;
        if (!loop.inEventLoop()) {
            run(loop, () -> onOwner(task));
            return;
        }
        if (!discarded) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    @Nullable
    Connection connection() {
        return connection;
    }
}
