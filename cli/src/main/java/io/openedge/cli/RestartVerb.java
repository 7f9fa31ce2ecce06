package io.openedge.cli;

import java.util.List;

/** Stops and starts all instances of a service. */
final class RestartVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String operands() {
        return "SERVICE";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        String service = Operator.service(arguments.operands(1, operands()).get(0));
        Operator.askFor(WorkDirectory.running(arguments), client -> client.restart(service));
        console.say("service " + service + " is restarted");
        return OK;
    }
}
