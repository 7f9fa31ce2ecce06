package io.openedge.hub.session;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Route;
import io.openedge.hub.store.KeptWill;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Recovered;
import java.util.ArrayList;
import java.util.List;

/** Puts back what the store has kept, before the first client comes. */
public final class Restoring {
    private final Broker broker;

    public Restoring(Broker broker) {
        this.broker = broker;
    }

    /** Sessions first, so that they get the wills of those who went with the hub. Returns when all is in place. */
    public void run(EventLoopGroup loops) {
        Recovered kept = broker.journal().takeRecovered();
        kept.retained().forEach(broker.retaining()::take);
        List<Future<?>> tasks = new ArrayList<>();
        for (Recovered.Session session : kept.sessions()) {
            EventLoop loop = loops.next();
            tasks.add(loop.submit(() -> broker.claims().restore(session, broker, loop)));
        }
        tasks.forEach(Future::syncUninterruptibly);
        EventLoop loop = loops.next();
        kept.wills()
                .forEach((key, will) -> loop.submit(
                                () -> publish(key, will, broker.journal().lane(loop)))
                        .syncUninterruptibly());
    }

    private void publish(long key, KeptWill will, Lane lane) {
        Message message = will.message();
        if (broker.authenticator().rights(will.principal(), will.clientId()).mayPublish(message.topic())) {
            Route route = broker.router().route(message.topic(), null);
            lane.message(message, route, will.retain(), 0, 0, (ref, failure) -> {
                if (will.retain() && (failure == null || message.qos() == 0)) {
                    broker.retaining().heard(message.topic());
                }
                if (failure == null) {
                    broker.router().publish(message, route, ref);
                }
            });
        }
        lane.willOver(key);
        lane.safe((ref, failure) -> {}); // or the next crash would publish it once more
    }
}
