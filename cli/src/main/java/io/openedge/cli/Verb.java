package io.openedge.cli;

import java.util.List;

/** What the command can be asked for. */
interface Verb {
    /** Everything went as asked. */
    int OK = 0;
    /** It did not; the reason is on standard error. */
    int FAILED = 1;
    /** The command line is not understood. */
    int USAGE = 2;

    /** Its own options, beside {@link #places}. */
    List<Option> options();

    /** The options that say where the gateway is. */
    default List<Option> places() {
        return List.of(Option.WORKDIR, Option.CONF);
    }

    /** The words that follow it, as the help shows them; empty: none. */
    default String operands() {
        return "";
    }

    /**
     * Does it.
     *
     * @return the exit code
     * @throws UsageException when the options do not fit together
     * @throws CommandException when it fails, with the reason
     */
    int run(Arguments arguments, Console console) throws Exception;
}
