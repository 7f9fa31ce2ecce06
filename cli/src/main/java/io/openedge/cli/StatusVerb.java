package io.openedge.cli;

import io.openedge.rest.client.GatewayClient;
import java.util.List;

/** Shows what runs, for people or as JSON. */
final class StatusVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of(new Option("--json", "", "as the gateway itself tells it"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        WorkDirectory work = WorkDirectory.running(arguments);
        if (arguments.has("--json")) {
            console.say(Operator.ask(work, GatewayClient::inspectText));
        } else {
            StatusTable.lines(Operator.ask(work, GatewayClient::inspect), console.colour())
                    .forEach(console::say);
        }
        return OK;
    }
}
