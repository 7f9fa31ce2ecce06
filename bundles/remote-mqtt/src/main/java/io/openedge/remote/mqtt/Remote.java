package io.openedge.remote.mqtt;

import io.openedge.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One remote at work: how its sessions stand, what its flows have done. Built on one thread, then read from any. */
final class Remote {
    private final RemoteConfig config;
    private final Standing standing = new Standing();
    private final Counters counters = new Counters();
    /** Of the sessions at the hub, and of those at the remote, whose messages go to the other side. */
    private final List<Echoes> atHub = new ArrayList<>();

    private final List<Echoes> atRemote = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    Remote(RemoteConfig config) {
        this.config = config;
    }

    RemoteConfig config() {
        return config;
    }

    /** Hears of a session at the remote. */
    Session.Listener listener(String clientId) {
        return standing.expect(clientId, counters.losses);
    }

    /** {@code connected}, or what is wrong. */
    String state() {
        String text = standing.text();
        return text.equals(Standing.CONNECTED) ? trouble().orElse(text) : text;
    }

    /** What one of its brokers refuses at present. */
    Optional<String> trouble() {
        return flows.stream().map(Flow::trouble).filter(text -> !text.isEmpty()).findFirst();
    }

    /** A session at the remote. */
    void add(Session session) {
        sessions.add(session);
    }

    private String version() {
        return sessions.stream()
                .flatMap(session -> session.version().stream())
                .distinct()
                .map(MqttVersion::toString)
                .collect(Collectors.joining(", "));
    }

    Counters counters() {
        return counters;
    }

    List<Echoes> atHub() {
        return atHub;
    }

    List<Echoes> atRemote() {
        return atRemote;
    }

    List<Flow> flows() {
        return flows;
    }

    /** For the report. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("state", state());
        values.put("version", version());
        values.put("sent", counters.sent.sum());
        values.put("received", counters.received.sum());
        values.put("waiting", flows.stream().mapToLong(Flow::waiting).sum());
        values.put("dropped", counters.dropped.sum());
        values.put("echoes", counters.echoes.sum());
        values.put("unnamed", counters.unnamed.sum());
        values.put("refused", counters.refused.sum());
        values.put("losses", counters.losses.sum());
        return values;
    }
}
