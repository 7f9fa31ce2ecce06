package io.openedge.master.account;

import io.openedge.config.GatewayConfig.Permissions;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.util.Optional;

/**
 * The one place where it is decided who may call what. Immutable; any thread.
 *
 * @param permissions strict: by the table of {@link Call}; open: any token may do everything
 */
public record Rights(Permissions permissions) {
    /** What can be asked of the gateway, and what a service needs for it. */
    public enum Call {
        /** To see what runs: any token. */
        INSPECT("", "inspect the gateway"),
        /** To get a free port: any token. */
        PORTS("", "get a port"),
        /** To plan, start or give up an update. */
        UPDATE("update", "update the application"),
        /** To start, stop and restart instances of any service. */
        INSTANCES("instances", "start or stop instances"),
        /** To say something of an instance: its own service's token alone. */
        REPORT("", "report");

        private final String permission;
        private final String words;

        Call(String permission, String words) {
            this.permission = permission;
            this.words = words;
        }
    }

    /**
     * Refuses a call that the caller may not make.
     *
     * @param service that the call is about; empty: none
     * @throws GatewayException that says why, and what would have to be granted
     */
    public void require(Caller caller, Call call, String service) {
        refusal(caller, call, service).ifPresent(reason -> {
            throw new GatewayException(Kind.FORBIDDEN, reason);
        });
    }

    private Optional<String> refusal(Caller caller, Call call, String service) {
        if (caller instanceof Caller.DynamicInstance && call == Call.PORTS) {
            return Optional.empty(); // it has no token: it is its engine that asks, for a port to serve on
        }
        if (caller instanceof Caller.DynamicInstance instance) {
            return Optional.of("instance '" + instance.name() + "' was started through the API and may not "
                    + call.words + ": only instances that the gateway starts by itself (replica) have a token");
        }
        if (permissions == Permissions.OPEN) {
            return Optional.empty();
        }
        if (caller instanceof Caller.Service own) {
            return call == Call.REPORT ? foreignReport(own, service) : lacking(own, call);
        }
        return call == Call.REPORT
                ? Optional.of("the operator may not report for service '" + service + "': only its own token may")
                : Optional.empty();
    }

    private static Optional<String> foreignReport(Caller.Service own, String service) {
        return own.name().equals(service)
                ? Optional.empty()
                : Optional.of("service '" + own.name() + "' may not report for service '" + service
                        + "': only its own token may");
    }

    private static Optional<String> lacking(Caller.Service own, Call call) {
        return call.permission.isEmpty() || own.granted().contains(call.permission)
                ? Optional.empty()
                : Optional.of("service '" + own.name() + "' may not " + call.words + ": add permissions: ["
                        + call.permission + "] to it in application.yml");
    }
}
