package io.openedge.cli;

import java.util.List;

/** The foreground run is the launcher's; the script starts it without this command in between. */
final class RunVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(Arguments arguments, Console console) throws CommandException {
        throw new CommandException("run is started by the script bin/openedge, not by this program");
    }
}
