package io.openedge.cli;

import java.util.List;

/** A verb that this version does not have yet. */
final class LaterVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(Arguments arguments, Console console) throws CommandException {
        throw new CommandException("this version cannot do that yet");
    }
}
