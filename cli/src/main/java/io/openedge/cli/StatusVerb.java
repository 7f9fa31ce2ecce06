package io.openedge.cli;

import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.RestException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Shows what runs, for people or as JSON. */
final class StatusVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of(new Option("--json", "", "as the gateway itself tells it"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        WorkDirectory work = WorkDirectory.of(arguments);
        try (GatewayClient client = work.operator()) {
            if (arguments.has("--json")) {
                console.say(Answers.await(client.inspectText()));
            } else {
                StatusTable.lines(Answers.await(client.inspect())).forEach(console::say);
            }
            return OK;
        } catch (RestException e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(work, e);
        }
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
