package io.openedge.cli;

import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import io.openedge.app.Names;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.RestException;
import io.openedge.system.Inspect;
import io.openedge.system.ServiceStatus;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Asks the running gateway with the operator's rights. Stateless. */
final class Operator {
    private static final int NOT_FOUND = 404;

    private Operator() {}

    /**
     * One call.
     *
     * @throws CommandException says that no gateway runs, or that it does not answer
     * @throws RestException holds the gateway's reason
     */
    static <T> T ask(WorkDirectory work, Function<GatewayClient, CompletableFuture<T>> call)
            throws ConfigException, IOException, InterruptedException, CommandException {
        try (GatewayClient client = work.operator()) {
            return Answers.await(call.apply(client));
        } catch (RestException e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(work, e);
        }
    }

    /** One call that means a service: when there is none of that name, the error names those that there are. */
    static <T> T askFor(WorkDirectory work, Function<GatewayClient, CompletableFuture<T>> call)
            throws ConfigException, IOException, InterruptedException, CommandException {
        try {
            return ask(work, call);
        } catch (RestException e) {
            if (e.status() != NOT_FOUND) {
                throw new CommandException(String.valueOf(e.getMessage()));
            }
            throw new CommandException(e.getMessage() + "; " + services(ask(work, GatewayClient::inspect)));
        }
    }

    /** Refuses what can be no service's name: it would be part of a path. */
    static String service(String name) throws UsageException {
        try {
            return Names.require("SERVICE", name);
        } catch (InvalidValueException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Refuses what can be no instance's name. */
    static String instance(String name) throws UsageException {
        if (!Names.isInstanceName(name)) {
            throw new UsageException("INSTANCE: '" + name + "' is not allowed here; allowed: 1 to 200 letters, digits,"
                    + " '_', '.' and '-', with a letter or digit first");
        }
        return name;
    }

    private static String services(Inspect inspect) {
        return inspect.services().isEmpty()
                ? "no service runs"
                : "there are "
                        + inspect.services().stream().map(ServiceStatus::name).collect(Collectors.joining(", "));
    }

    private static CommandException unreachable(WorkDirectory work, IOException e) throws IOException {
        OptionalLong pid = work.process().running();
        return new CommandException(
                pid.isEmpty()
                        ? "the gateway of " + work.path() + " is not running"
                        : "the gateway runs as process " + pid.getAsLong() + ", but does not answer: "
                                + e.getMessage());
    }
}
