package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.store.Lane;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * What one client subscribes to. Retained messages are looked up a few filters at a time, so that a packet with thousands
 * of filters does not stop the others on the loop. Owned by the connection's loop.
 */
final class Subscribing {
    private static final int REFUSED = 0x80;
    private static final int FILTERS_A_TURN = 16;

    private final Broker broker;
    private final Connection connection;
    private final Session session;
    private Principal principal;
    private final Lane lane;
    private final EventLoop loop;
    private final Deque<Map.Entry<TopicFilter, Integer>> toReplay = new ArrayDeque<>(1);

    Subscribing(Broker broker, Connection connection, Session session, Principal principal, Lane lane, EventLoop loop) {
        this.broker = broker;
        this.connection = connection;
        this.session = session;
        this.principal = principal;
        this.lane = lane;
        this.loop = loop;
    }

    /** From now on. */
    void rights(Principal renewed) {
        principal = renewed;
    }

    void subscribe(int packetId, List<Wish> wishes) {
        if (wishes.isEmpty()) {
            connection.close("its SUBSCRIBE has no filter");
            return;
        }
        byte[] codes = new byte[wishes.size()];
        Map<TopicFilter, Integer> granted = new LinkedHashMap<>();
        for (int i = 0; i < codes.length; i++) {
            int qos = wishes.get(i).qos();
            Optional<TopicFilter> filter = filter(wishes.get(i).filter())
                    .filter(principal::maySubscribe)
                    .filter(allowed -> session.subscribe(allowed, qos));
            filter.ifPresent(allowed -> granted.put(allowed, qos));
            codes[i] = (byte) (filter.isPresent() ? qos : REFUSED);
        }
        afterSave(() -> {
            connection.out().subAck(packetId, codes);
            toReplay.addAll(granted.entrySet());
            replay();
        });
    }

    private Optional<TopicFilter> filter(String text) {
        return TopicFilter.parse(text, broker.limits().topics());
    }

    /** Retained messages of new subscriptions; the client's next packet comes after them. */
    private void replay() {
        for (int i = 0; i < FILTERS_A_TURN && !toReplay.isEmpty(); i++) {
            Map.Entry<TopicFilter, Integer> next = toReplay.remove();
            broker.retained()
                    .match(
                            next.getKey(),
                            message -> session.retained(message, Math.min(message.qos(), next.getValue())));
        }
        if (toReplay.isEmpty()) {
            connection.release(Hold.REPLAY);
        } else if (connection.open()) {
            connection.hold(Hold.REPLAY);
            onLoop(this::replay);
        }
    }

    void unsubscribe(int packetId, List<String> filters) {
        if (filters.isEmpty()) {
            connection.close("its UNSUBSCRIBE has no filter");
            return;
        }
        filters.forEach(text -> filter(text).ifPresent(session::unsubscribe));
        afterSave(() -> connection.out().answer(Outbound.UNSUBACK, packetId));
    }

    private void afterSave(Runnable answer) {
        if (session.clean()) {
            answer.run();
            return;
        }
        connection.hold(Hold.SAVE);
        lane.safe((ref, failure) -> connection.guarded(() -> {
            answered(answer, failure != null);
            connection.release(Hold.SAVE);
        }));
    }

    private void answered(Runnable answer, boolean failed) {
        if (failed) {
            connection.close("its session could not be stored");
        } else if (connection.open()) {
            answer.run();
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(() -> connection.guarded(task));
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops", e);
        }
    }
}
