package io.openedge.cli;

import java.util.List;

/** Stops an instance of a service; one that does not run is no failure. */
final class StopInstanceVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String operands() {
        return "SERVICE INSTANCE";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> words = arguments.operands(2, operands());
        String service = Operator.service(words.get(0));
        String instance = Operator.instance(words.get(1));
        Operator.askFor(WorkDirectory.running(arguments), client -> client.stopInstance(service, instance));
        console.say("instance " + instance + " of service " + service + " is stopped");
        return OK;
    }
}
