package io.openedge.hub.session;

import io.openedge.hub.route.Message;
import io.openedge.hub.store.Fetched;
import io.openedge.hub.store.MemoryBudget;
import io.openedge.hub.store.Outcome;
import io.openedge.hub.store.Recovered;
import io.openedge.hub.store.StoredMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a session sends to its client, and what the client says of it: messages in flight, messages that wait, and the
 * store's part in both. Owned by the session's loop.
 */
final class Delivering {
    private static final int COLD_AT_ONCE = 128;

    private final Session session;
    private final Broker broker;
    /** What the store has; null: a clean session, of which it knows nothing. */
    private final @Nullable Backlog backlog;

    private final int kept;
    private final InFlight inFlight;
    private final Waiting waitingQos0;
    private final Waiting waitingQos1;
    private int idsUnderWay;

    Delivering(Session session, String clientId, @Nullable Backlog backlog, Broker broker) {
        this.session = session;
        this.backlog = backlog;
        this.broker = broker;
        kept = backlog == null ? 0 : backlog.number();
        Limits limits = broker.limits();
        inFlight = new InFlight(
                limits.window(), limits.windowBytes(), broker.memory().waiting());
        waitingQos0 = new Waiting(0, limits.waitingQos0(), clientId, broker);
        waitingQos1 = new Waiting(1, limits.waitingQos1(), clientId, broker);
    }

    /** What was in flight when the hub ended. */
    void restore(Recovered.Session before) {
        before.outgoing().forEach((id, ref) -> {
            Delivery delivery = ref == 0 ? Delivery.released(0) : Delivery.stored(2, ref, true);
            delivery.idSafe = true;
            inFlight.restore(id, delivery);
        });
    }

    /** Sends a message, or keeps it until the client takes it. */
    void accept(Delivery delivery) {
        Outbound out = out();
        if (delivery.qos == 0) {
            if (out != null && waitingQos0.empty() && out.writable()) {
                out.publish(delivery.message(), 0, delivery.retain, false, 0);
            } else if (out != null) {
                waitingQos0.add(delivery, false);
            }
        } else if (delivery.ref == 0) {
            if (!sendNow(delivery)) {
                waitingQos1.add(delivery, out == null);
            }
        } else if (backlog != null && out != null && backlog.takes(delivery)) {
            if (!sendNow(delivery)
                    && !waitingQos1.keep(delivery, broker.limits().window())) {
                backlog.fallBehind(delivery, inMemory());
            }
        }
    }

    private boolean sendNow(Delivery delivery) {
        Outbound out = out();
        boolean now = out != null && waitingQos1.empty() && inFlight.room() && out.writable() && weigh(delivery);
        if (now) {
            send(delivery);
        }
        return now;
    }

    private long[] inMemory() {
        List<Long> refs = new ArrayList<>();
        inFlight.refs(refs::add);
        waitingQos1.refs(refs::add);
        return refs.stream().mapToLong(Long::longValue).sorted().toArray();
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

    private void send(Delivery delivery) {
        publish(inFlight.add(delivery), delivery, false);
    }

    /**
     * A packet id of QoS 2 is safe before the client sees it: it must mean the same message after a crash. What is sent
     * meanwhile waits behind it, so that all goes out in one order.
     */
    private void publish(int id, Delivery delivery, boolean again) {
        boolean unsafe = delivery.qos == 2 && delivery.ref != 0 && !delivery.idSafe;
        if (!unsafe && idsUnderWay == 0) {
            write(id, delivery, again);
            return;
        }
        idsUnderWay++;
        Outcome then = (ref, failure) -> session.onOwner(() -> {
            idsUnderWay--;
            if (safe(failure) && inFlight.holds(id, delivery)) {
                delivery.idSafe = true;
                write(id, delivery, again);
            }
        });
        if (unsafe) {
            session.lane().sent(kept, id, delivery.ref, then);
        } else {
            session.lane().safe(then);
        }
    }

    private void write(int id, Delivery delivery, boolean again) {
        Outbound out = out();
        if (out != null) {
            out.publish(delivery.message(), delivery.qos, delivery.retain, again, id);
        }
    }

    private boolean safe(@Nullable IOException failure) {
        Connection current = session.connection();
        if (failure != null && current != null) {
            current.close("its packet ids could not be stored");
        }
        return failure == null;
    }

    /** Sends what waits, as far as the client takes it. */
    void pump() {
        Outbound out = out();
        if (out == null) {
            return;
        }
        while (!waitingQos1.empty() && inFlight.room() && out.writable()) {
            send(waitingQos1.take());
        }
        while (!waitingQos0.empty() && out.writable()) {
            Delivery next = waitingQos0.take();
            broker.memory().waiting().give(next.weight);
            out.publish(next.message(), 0, next.retain, false, 0);
        }
        if (backlog != null && !backlog.fetching()) {
            fetch(backlog, out);
        }
    }

    /** What was in flight before comes first, whatever waits and however full the window is: it is part of the window. */
    private void fetch(Backlog from, Outbound out) {
        if (inFlight.cold()) {
            long[] refs = inFlight.coldRefs(COLD_AT_ONCE);
            from.fetchThese(session.lane(), refs, session::onOwner, this::fetchedAgain, result -> {
                if (result.last() && result.failure() == null) {
                    Arrays.stream(refs).forEach(this::withdrawCold); // those that the store does not have any more
                }
                fetchedAll(result);
            });
        } else if (from.behind() && waitingQos1.empty() && inFlight.room() && out.writable()) {
            from.fetch(session.lane(), this::inMemory, session::onOwner, this::fetched, this::fetchedAll);
        }
    }

    /** Sent before: once more, with the packet id that it had. */
    private void fetchedAgain(StoredMessage stored) {
        if (withdrawn(stored)) {
            withdrawCold(stored.ref());
            return;
        }
        Delivery delivery = new Delivery(stored.message(), stored.qos(), stored.retain(), stored.ref());
        delivery.weight = stored.message().weight();
        int id = inFlight.warm(delivery);
        if (id > 0) {
            broker.memory().waiting().owe(delivery.weight);
            publish(id, delivery, true);
        }
    }

    private void withdrawCold(long ref) {
        int id = inFlight.withdrawCold(ref);
        Delivery released = id == 0 ? null : inFlight.received(id);
        if (released != null) {
            release(id, released);
        }
    }

    private void fetched(StoredMessage stored) {
        Delivery delivery = new Delivery(stored.message(), stored.qos(), stored.retain(), stored.ref());
        if (!withdrawn(stored) && !sendNow(delivery)) {
            waitingQos1.fetched(delivery);
        }
    }

    private boolean withdrawn(StoredMessage stored) {
        boolean withdrawn = session.withdrawn(stored.message());
        if (withdrawn) {
            broker.counters().dropped(Drop.RIGHTS, stored.qos(), 1);
            session.lane().acknowledged(kept, stored.ref());
        }
        return withdrawn;
    }

    private void fetchedAll(Fetched result) {
        Connection current = session.connection();
        if (result.failure() != null && current != null) {
            broker.log().error("what waits for {} cannot be read", current, result.failure());
            current.close("its messages cannot be read");
        }
        pump();
    }

    /** PUBACK. */
    void acknowledged(int packetId) {
        Delivery delivery = inFlight.acknowledge(packetId);
        if (delivery != null) {
            settled(delivery.ref);
            pump();
        }
    }

    private void settled(long ref) {
        if (ref != 0 && backlog != null) {
            backlog.settled(ref);
            session.lane().acknowledged(kept, ref);
        }
    }

    /** PUBREC. It is answered also when there was no such message, or the client would ask for ever. */
    void received(int packetId) {
        boolean known = inFlight.contains(packetId);
        Delivery released = inFlight.received(packetId);
        if (released != null && released.ref != 0 && backlog != null) {
            backlog.settled(released.ref);
        }
        if (released != null) {
            release(packetId, released);
            pump();
        } else if (!known) {
            answer(Outbound.PUBREL, packetId);
        }
    }

    /** PUBREL goes out once it is safe that the client has the message: it must not get it again after a crash. */
    private void release(int id, Delivery released) {
        if (kept == 0 || released.idSafe) {
            answer(Outbound.PUBREL, id);
            return;
        }
        if (released.asked) {
            return; // PUBREC again: the answer is on its way
        }
        released.asked = true;
        session.lane()
                .received(
                        kept,
                        id,
                        (ref, failure) -> session.onOwner(() -> {
                            released.asked = false;
                            if (safe(failure) && inFlight.holds(id, released)) {
                                released.idSafe = true;
                                answer(Outbound.PUBREL, id);
                            }
                        }));
    }

    private void answer(int head, int packetId) {
        Outbound out = out();
        if (out != null) {
            out.answer(head, packetId);
        }
    }

    /** PUBCOMP. */
    void completed(int packetId) {
        if (inFlight.complete(packetId)) {
            if (kept != 0) {
                session.lane().completed(kept, packetId);
            }
            pump();
        }
    }

    /** What was not acknowledged goes first, once more, then what waited. */
    void attach() {
        inFlight.forEach((delivery, id) -> {
            if (delivery.released) {
                release(id, delivery);
            } else if (!delivery.cold()) {
                publish(id, delivery, true);
            }
        });
        pump();
    }

    /** The client is gone: what the store has is left to it. */
    void detach() {
        waitingQos0.clear();
        if (backlog != null) {
            waitingQos1.leaveToStore();
            inFlight.cool();
            backlog.restart();
        }
    }

    /** Drops what the client may not have any more. */
    void withdraw(Predicate<Message> forbidden) {
        waitingQos0.withdraw(forbidden, delivery -> {});
        waitingQos1.withdraw(forbidden, delivery -> settled(delivery.ref));
    }

    /** The same with what it has not acknowledged: it comes back, and would get it once more. */
    void withdrawSent(Predicate<Message> forbidden) {
        inFlight.withdraw(forbidden, ref -> {
            broker.counters().dropped(Drop.RIGHTS, 1, 1);
            settled(ref);
        });
    }

    /** The end: all memory is given back. */
    void clear() {
        waitingQos0.clear();
        waitingQos1.clear();
        inFlight.clear();
    }

    private @Nullable Outbound out() {
        Connection current = session.connection();
        return current == null ? null : current.out();
    }
}
