package io.openedge.cli;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Stops the gateway: asks first, kills in the end. A gateway that does not run is a failure: nothing was stopped. */
final class StopVerb implements Verb {
    private static final Duration MARGIN = Duration.ofSeconds(10);

    @Override
    public List<Option> options() {
        return List.of(new Option("-t", "SECONDS", "how long to wait before it is killed; default: grace + 10"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        WorkDirectory work = WorkDirectory.running(arguments);
        int otherwise = (int) work.config().grace().plus(MARGIN).toSeconds();
        Duration limit = Duration.ofSeconds(arguments.number("-t", otherwise, 0, 86400));
        OptionalLong pid = work.process().running();
        if (pid.isEmpty()) {
            work.process().removeStale();
            throw new CommandException("the gateway of " + work.path() + " is not running");
        }
        boolean byItself = work.process().stop(pid.getAsLong(), limit);
        work.process().removeStale();
        if (!byItself) {
            console.complain("the gateway did not stop within " + limit.toSeconds() + " s and was killed");
        }
        console.say("the gateway has stopped: process " + pid.getAsLong());
        return OK;
    }
}
