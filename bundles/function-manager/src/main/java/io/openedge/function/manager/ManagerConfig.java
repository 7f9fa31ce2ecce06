package io.openedge.function.manager;

import io.openedge.app.InvalidValueException;
import io.openedge.config.LoggerConfig;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.manager.pool.FunctionConfig;
import io.openedge.function.manager.rule.RuleConfig;
import io.openedge.mqtt.MqttClientConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration of the function manager. Immutable.
 *
 * @param server where others call these functions over the network
 * @param hub where rules subscribe and publish
 * @param rules each names a function of this file
 * @param functions names are unique
 * @param logger of the instance
 */
public record ManagerConfig(
        FunctionServerConfig server,
        MqttClientConfig hub,
        List<RuleConfig> rules,
        List<FunctionConfig> functions,
        LoggerConfig logger) {
    public ManagerConfig {
        server = server == null ? FunctionServerConfig.DEFAULT : server;
        rules = rules == null ? List.of() : List.copyOf(rules);
        functions = functions == null ? List.of() : List.copyOf(functions);
        logger = logger == null ? LoggerConfig.DEFAULT : logger;
        if (hub == null) {
            throw new InvalidValueException("hub", "", "address: the hub's address");
        }
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < functions.size(); i++) {
            if (!names.add(functions.get(i).name())) {
                throw new InvalidValueException(
                        "functions[" + i + "].name", functions.get(i).name(), "each name once");
            }
        }
        for (int i = 0; i < rules.size(); i++) {
            String name = rules.get(i).function().name();
            if (!names.contains(name)) {
                throw new InvalidValueException(
                        "rules[" + i + "].function.name",
                        name,
                        names.isEmpty() ? "a function of this file, which has none" : String.join(", ", names));
            }
        }
        requireUniqueClientIds(hub, rules);
    }

    private static void requireUniqueClientIds(MqttClientConfig hub, List<RuleConfig> rules) {
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            String id = clientId(hub, rules.get(i), "", i);
            if (!ids.add(id)) {
                throw new InvalidValueException("rules[" + i + "].clientid", id, "a client id that no other rule has");
            }
        }
    }

    /**
     * The client id of a rule: its own, the hub section's, or one of the service's name and the rule's place.
     *
     * @param index of the rule, from 0
     */
    public String clientId(String service, int index) {
        return clientId(hub, rules.get(index), service, index);
    }

    private static String clientId(MqttClientConfig hub, RuleConfig rule, String service, int index) {
        if (!rule.clientId().isEmpty()) {
            return rule.clientId();
        }
        return hub.clientId().isEmpty() ? service + "-rule" + (index + 1) : hub.clientId();
    }
}
