package io.openedge.system;

import java.util.Optional;

/** Gives callers their {@link Gateway}. Offered by the master once it has its configuration. Thread rule: any thread. */
public interface Gateways {
    /** The gateway as a service may use it; empty when the token is not that of the service. */
    Optional<Gateway> login(String service, String token);

    /** The gateway as the operator may use it. */
    Gateway operator();

    /** Where and how the API is served. */
    ServerSettings server();

    /** Says that the API cannot be served: the gateway ends with that reason. */
    void unserviceable(String reason);
}
