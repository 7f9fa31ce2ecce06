package io.openedge.remote.mqtt;

import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.mqtt.MqttClientConfig;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of a bridge. Immutable.
 *
 * @param hub the hub's side of all rules
 * @param remotes names are unique
 * @param rules each names a remote of this file
 * @param logger of the instance
 */
public record BridgeConfig(
        MqttClientConfig hub, List<RemoteConfig> remotes, List<RuleConfig> rules, LoggerConfig logger) {
    public BridgeConfig {
        remotes = remotes == null ? List.of() : List.copyOf(remotes);
        rules = rules == null ? List.of() : List.copyOf(rules);
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
        if (hub == null) {
            throw new InvalidValueException("hub", "", "address: the hub's address");
        }
        Map<String, RemoteConfig> names = byName(remotes);
        Set<String> atHub = new HashSet<>();
        Map<String, Set<String>> atRemotes = new LinkedHashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            RuleConfig rule = rules.get(i);
            RuleConfig.Remote far = rule.remote();
            RemoteConfig remote = names.get(far.name());
            if (remote == null) {
                throw new InvalidValueException(
                        "rules[" + i + "].remote.name",
                        far.name(),
                        names.isEmpty() ? "a remote of this file, which has none" : String.join(", ", names.keySet()));
            }
            Set<String> atRemote = atRemotes.computeIfAbsent(far.name(), n -> new HashSet<>());
            for (int number = 0; number <= rule.classes(); number++) {
                requireNew("rules[" + i + "].remote.clientid", remoteClientId(rule, remote, number), atRemote);
                requireNew("rules[" + i + "].hub.clientid", hubClientId(rule, remote, number), atHub);
            }
        }
    }

    private static Map<String, RemoteConfig> byName(List<RemoteConfig> remotes) {
        Map<String, RemoteConfig> names = new LinkedHashMap<>();
        for (int i = 0; i < remotes.size(); i++) {
            if (names.put(remotes.get(i).name(), remotes.get(i)) != null) {
                throw new InvalidValueException(
                        "remotes[" + i + "].name", remotes.get(i).name(), "each name once");
            }
        }
        return names;
    }

    private static void requireNew(String key, String id, Set<String> known) {
        if (!known.add(id)) {
            throw new InvalidValueException(key, id, "a client id that no other rule has on this side");
        }
    }

    /**
     * The client id of a rule's session at its remote: its own, the remote's, or the remote's name.
     *
     * @param number of the priority class; 0: the session for the rest
     */
    static String remoteClientId(RuleConfig rule, RemoteConfig remote, int number) {
        String own = rule.remote().clientId();
        return ofClass(own.isEmpty() ? remote.clientId() : own, number);
    }

    /** The client id of a rule's session at the hub: its own, or that on the other side. */
    static String hubClientId(RuleConfig rule, RemoteConfig remote, int number) {
        String own = rule.hub().clientId();
        return own.isEmpty() ? remoteClientId(rule, remote, number) : ofClass(own, number);
    }

    private static String ofClass(String id, int number) {
        return number == 0 ? id : id + "-p" + number;
    }
}
