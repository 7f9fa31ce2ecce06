package io.openedge.function.manager.rule;

import io.openedge.module.ModuleContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells the gateway how the rules get on with the hub, as {@code hub} in the instance's report: {@code connected}, or the
 * first rule that is not, with the reason. Owned by the loop.
 */
public final class HubReport {
    private static final String CONNECTED = "connected";

    private final ModuleContext context;
    private final Map<String, String> troubles = new TreeMap<>();
    private String told = "";

    public HubReport(ModuleContext context) {
        this.context = context;
    }

    void connected(String rule) {
        troubles.remove(rule);
        tell();
    }

    void notConnected(String rule, String reason) {
        troubles.put(rule, reason);
        tell();
    }

    private void tell() {
        String state = troubles.isEmpty()
                ? CONNECTED
                : first(troubles.entrySet().iterator().next());
        if (state.equals(told)) {
            return;
        }
        told = state;
        try {
            context.gateway().report(context.service(), context.instance(), Map.of("hub", state));
        } catch (RuntimeException e) { // the gateway is stopping, or refuses: the log says the same
            context.logger().debug("the state of the hub is not reported: {}", e.getMessage());
        }
    }

    private static String first(Map.Entry<String, String> trouble) {
        return "rule " + trouble.getKey() + ": " + trouble.getValue();
    }
}
