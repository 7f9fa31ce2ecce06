package io.openedge.remote.mqtt;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleContext;
import io.openedge.mqtt.MqttClientConfig;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A session at the hub and one at a remote, and the flows between them: a rule, or one priority class of it. Immutable; any
 * thread.
 */
record Pair(Remote remote, Session near, Session far, Flow out, Flow in) {
    /**
     * @param hub the connection to the hub
     * @param number of the class; 0 is what no class has
     */
    static Pair of(MqttClientConfig hub, Remote remote, RuleConfig rule, int number) {
        Route outward = rule.hub().route();
        Route inward = rule.remote().route();
        String suffix = number == 0 ? "" : "-p" + number;
        Session near = session(hub, BridgeConfig.hubClientId(rule, remote.config()) + suffix, outward, number);
        MqttClientConfig there = remote.config().connection();
        Session far = session(there, BridgeConfig.remoteClientId(rule, remote.config()) + suffix, inward, number);
        remote.atHub().add(near.echoes());
        remote.atRemote().add(far.echoes());
        Counters counters = remote.counters();
        Course outCourse = new Course(outward, outward.selection(number), remote.atRemote(), false);
        Course inCourse = new Course(inward, inward.selection(number), remote.atHub(), true);
        Flow out = new Flow(near, far, outCourse, there.bufferSize(), counters, counters.sent);
        Flow in = new Flow(far, near, inCourse, hub.bufferSize(), counters, counters.received);
        remote.flows().addAll(List.of(out, in));
        return new Pair(remote, near, far, out, in);
    }

    private static Session session(MqttClientConfig broker, String clientId, Route route, int number) {
        MqttClientConfig config = broker.session(clientId, route.subscriptions(number));
        return new Session(config, new Echoes(config.subscriptions(), System::nanoTime));
    }

    /**
     * Connects on both sides.
     *
     * @param hub how its sessions stand
     */
    void open(ModuleContext context, Standing hub) throws ConfigException {
        far.open(context, in::take, List.of(remote.listener(far.clientId()), out, in));
        near.open(context, out::take, List.of(hub.expect(near.clientId(), new LongAdder()), in, out));
    }
}
