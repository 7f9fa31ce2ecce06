package io.openedge.master.account;

import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;

/**
 * The one place where it is decided who may call what. Stateless. For now the old rule: a service's token may do
 * everything but report for another service; an instance started through the API may only look.
 */
public final class Rights {
    private Rights() {}

    /** What can be asked of the gateway. */
    public enum Call {
        /** To see what runs. */
        INSPECT,
        /** To plan, start or give up an update. */
        UPDATE,
        /** To start, stop and restart instances. */
        INSTANCES,
        /** To get a free port. */
        PORTS,
        /** To say something of an instance. */
        REPORT
    }

    /**
     * Refuses a call that the caller may not make.
     *
     * @param service that the call is about; empty: none
     * @throws GatewayException that says why
     */
    public static void require(Caller caller, Call call, String service) {
        if (caller instanceof Caller.DynamicInstance instance && call != Call.INSPECT) {
            throw new GatewayException(
                    Kind.FORBIDDEN,
                    "instance '" + instance.name() + "' was started through the API and may only inspect the gateway");
        }
        if (call == Call.REPORT
                && caller instanceof Caller.Service own
                && !own.name().equals(service)) {
            throw new GatewayException(
                    Kind.FORBIDDEN, "service '" + own.name() + "' may not report for service '" + service + "'");
        }
    }
}
