package io.openedge.cli;

import java.util.List;

/** The process of one module is the launcher's; the script starts it without this command in between. */
final class ModuleVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public List<Option> places() {
        return List.of(new Option("-w", "FOLDER", "where it works; default: the current folder"));
    }

    @Override
    public String operands() {
        return "IMAGE [ARGUMENT...]";
    }

    @Override
    public int run(Arguments arguments, Console console) throws CommandException {
        throw new CommandException("module is started by the script bin/openedge, not by this program");
    }
}
