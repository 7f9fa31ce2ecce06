package io.openedge.remote.mqtt;

import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttRefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from one session to another. One of QoS 1 or 2 is acknowledged where it came from only once the
 * other side has it; until then the broker that it came from keeps it, and nothing needs to be kept here. One of QoS 0 waits
 * here while the other side is away; when there are too many the oldest is dropped and counted.
 *
 * <p>Thread rule: {@link #take} on the thread of the session that the messages come from; {@code buffer} and
 * {@code lastConnection} belong to the turn; the rest is for any thread.
 */
final class Flow implements Session.Listener {
    /** Less than the client takes, also together with QoS 0. */
    private static final int MOST_KEPT = 800;

    private static final int MOST_UNKEPT = 8_000;
    private static final long MOST_BYTES = 7L << 20;

    private final Session source;
    private final Session target;
    private final Course course;
    private final int bufferSize;
    private final Counters counters;
    private final LongAdder arrived;

    private final Queue<Transfer> kept = new ConcurrentLinkedQueue<>();
    private final Queue<Transfer> again = new ConcurrentLinkedQueue<>();
    private final Queue<Transfer> unkept = new ConcurrentLinkedQueue<>();
    private final Deque<Transfer> buffer = new ArrayDeque<>();
    private final Window keptWindow = new Window(MOST_KEPT, MOST_BYTES);
    private final Window unkeptWindow = new Window(MOST_UNKEPT, MOST_BYTES);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Turn turn = new Turn(this::forward);
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private int lastConnection;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private volatile boolean failed;
    private volatile boolean closing;

    /**
     * @param bufferSize messages of QoS 0 that wait
     * @param counters of the remote
     * @param arrived counts what the other side has
     */
    Flow(Session source, Session target, Course course, int bufferSize, Counters counters, LongAdder arrived) {
        this.source = source;
        this.target = target;
        this.course = course;
        this.bufferSize = bufferSize;
        this.counters = counters;
        this.arrived = arrived;
    }

    /** A message came in. */
    void take(Delivery delivery) {
        MqttMessage message = delivery.message();
        if (source.echoes().heard(message)) {
            leave(delivery, counters.echoes);
        } else if (!course.selection().contains(message.topic())) {
            delivery.acknowledge();
        } else if (!closing) {
            pass(delivery, course.renamed(message));
        }
    }

    private void pass(Delivery delivery, MqttMessage message) {
        if (message.topic().isEmpty()) {
            leave(delivery, counters.unnamed);
        } else if (course.stays(message)) {
            leave(delivery, counters.echoes);
        } else {
            waiting.incrementAndGet();
            (message.qos() == 0 ? unkept : kept).add(new Transfer(delivery, message, source.connection()));
            turn.ask();
        }
    }

    private static void leave(Delivery delivery, LongAdder reason) {
        reason.increment();
        delivery.acknowledge();
    }

    private void forward() {
        removeVoid();
        Queue<Transfer> from = again.isEmpty() ? kept : again;
        for (Transfer next = from.peek(); next != null && ready() && keptWindow.take(next.size()); next = from.peek()) {
            from.remove();
            if (from == kept) {
                course.announce(next.message());
            }
            publish(next, keptWindow);
            from = again.isEmpty() ? kept : again;
        }
        for (Transfer next = unkept.poll(); next != null; next = unkept.poll()) {
            buffer.addLast(next);
            sendBuffer();
            if (buffer.size() > bufferSize) {
                buffer.removeFirst();
                drop();
            }
        }
        sendBuffer();
        if (closing) {
            finishWhenEmpty();
        }
    }

    /** What a connection brought that has ended comes again, but for QoS 2; and all that a bridge has not sent that closes. */
    private void removeVoid() {
        int connection = source.connection();
        if (closing || (connection != lastConnection && source.kept())) {
            lastConnection = connection;
            for (Queue<Transfer> queue : List.of(again, kept)) {
                queue.removeIf(each -> {
                    boolean isVoid = closing || each.message().qos() == 1 && each.connection() != connection;
                    if (isVoid) {
                        waiting.decrementAndGet();
                    }
                    return isVoid;
                });
            }
        }
    }

    private boolean ready() {
        return target.up() && !failed && !refusals.holds();
    }

    private void sendBuffer() {
        while (!buffer.isEmpty()
                && ready()
                && unkeptWindow.take(buffer.getFirst().size())) {
            Transfer next = buffer.removeFirst();
            course.announce(next.message());
            publish(next, unkeptWindow);
        }
    }

    private void publish(Transfer transfer, Window window) {
        target.publish(transfer.message()).whenComplete((none, error) -> over(transfer, window, cause(error)));
    }

    private void over(Transfer transfer, Window window, @Nullable Throwable error) {
        if (error == null) {
            waiting.decrementAndGet();
            arrived.increment();
            transfer.delivery().acknowledge();
            refusals.passed();
        } else if (error instanceof MqttRefusedException refusal && refusal.lasting()) {
            giveUp(transfer, refusal);
        } else if (window == unkeptWindow) {
            drop();
        } else {
            if (error instanceof MqttRefusedException) {
                refusals.refused("refuses " + transfer.message().topic() + ": " + error.getMessage());
            } else {
                failed = true; // The connection went in the same moment: nothing is tried until something changes.
            }
            again.add(transfer);
        }
        window.release(transfer.size());
        turn.ask();
    }

    private static @Nullable Throwable cause(@Nullable Throwable error) {
        return error instanceof CompletionException wrapped ? wrapped.getCause() : error;
    }

    /** It would be refused each time, and hold up all that comes behind it: it is counted and said, and goes no further. */
    private void giveUp(Transfer transfer, MqttRefusedException refusal) {
        waiting.decrementAndGet();
        course.retract(transfer.message());
        counters.lastRefused = transfer.message().topic() + ": " + refusal.getMessage();
        counters.refused.increment();
        transfer.delivery().acknowledge();
    }

    private void drop() {
        waiting.decrementAndGet();
        counters.dropped.increment();
    }

    /** Messages that have not arrived on the other side. */
    int waiting() {
        return waiting.get();
    }

    /** Whose broker refuses what is published, and why; empty: it takes it. */
    String trouble() {
        String reason = refusals.reason();
        return reason.isEmpty() ? "" : target.clientId() + ": " + reason;
    }

    @Override
    public void connected() {
        look();
    }

    @Override
    public void away(String reason, boolean lost) {
        look();
    }

    /** Something has changed, or time has passed. */
    void look() {
        failed = false;
        turn.ask();
    }

    /**
     * Takes no more messages; those that wait are left to the broker that they came from.
     *
     * @return completes when what was on its way has arrived and its echoes have come; at once when the other side is away
     */
    CompletableFuture<Void> drain() {
        closing = true;
        turn.ask();
        return drained;
    }

    private void finishWhenEmpty() {
        boolean empty = keptWindow.empty() && unkeptWindow.empty();
        if (!target.up() || empty && !course.awaitsEchoes()) {
            drained.complete(null);
        }
    }
}
