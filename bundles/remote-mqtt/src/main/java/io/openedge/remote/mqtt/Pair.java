package io.openedge.remote.mqtt;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleContext;
import io.openedge.mqtt.MqttClientConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * A session at the hub and one at a remote, and the flows between them: a rule, or one priority class of it. Immutable; any
 * thread.
 *
 * @param classes pairs of the rule's priority classes, which take messages away from this one
 */
record Pair(Session near, Session far, Flow out, Flow in, List<Pair> classes) {
    /**
     * @param hub the connection to the hub
     * @param atHub how its sessions stand
     * @param number of the class; 0 is what no class has
     */
    static Pair of(
            MqttClientConfig hub, Standing atHub, Remote remote, RuleConfig rule, int number, List<Pair> classes) {
        Route outward = rule.hub().route();
        Route inward = rule.remote().route();
        MqttClientConfig there = remote.config().connection();
        Session near = session(hub, BridgeConfig.hubClientId(rule, remote.config(), number), outward, number);
        Session far = session(there, BridgeConfig.remoteClientId(rule, remote.config(), number), inward, number);
        remote.atHub().add(near.echoes());
        remote.atRemote().add(far.echoes());
        remote.add(far);
        Counters counters = remote.counters();
        Course outCourse = new Course(outward, outward.selection(number), remote.atRemote(), false);
        Course inCourse = new Course(inward, inward.selection(number), remote.atHub(), true);
        Flow out = new Flow(near, far, outCourse, there.bufferSize(), counters, counters.sent);
        Flow in = new Flow(far, near, inCourse, hub.bufferSize(), counters, counters.received);
        remote.flows().addAll(List.of(out, in));
        far.serve(in::take, List.of(remote.listener(far.clientId()), out, in));
        near.serve(out::take, List.of(atHub.expect(near.clientId(), new LongAdder()), in, out));
        return new Pair(near, far, out, in, List.copyOf(classes));
    }

    /** A class that is refused its filter must not count as one that has it. */
    private static Session session(MqttClientConfig broker, String clientId, Route route, int number) {
        MqttClientConfig config = broker.session(clientId, route.subscriptions(number));
        Echoes echoes = new Echoes(config.subscriptions(), System::nanoTime);
        return new Session(number > 0 ? config.strict() : config, echoes);
    }

    /**
     * Connects on both sides.
     *
     * @param later opens a session that has to wait
     */
    void open(ModuleContext context, Executor later) throws ConfigException {
        open(far, Pair::far, context, later);
        open(near, Pair::near, context, later);
    }

    /** What a class has for itself is acknowledged in the session of the rest: not before the class has subscribed to it. */
    private void open(Session session, Function<Pair, Session> side, ModuleContext context, Executor later)
            throws ConfigException {
        CompletableFuture<?>[] first = classes.stream()
                .map(side)
                .filter(Session::hears)
                .map(Session::reached)
                .toArray(CompletableFuture<?>[]::new);
        if (first.length == 0) {
            session.open(context);
        } else {
            CompletableFuture.allOf(first).thenRunAsync(() -> openLate(session, context), later);
        }
    }

    private static void openLate(Session session, ModuleContext context) {
        try {
            session.open(context);
        } catch (ConfigException | RuntimeException e) {
            context.fail(e);
        }
    }
}
