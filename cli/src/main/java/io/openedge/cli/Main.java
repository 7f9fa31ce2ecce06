package io.openedge.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command {@code openedge}: one verb, one process, an exit code. */
public final class Main {
    private Main() {}

    /** @param words verb, options, operands */
    public static void main(String[] words) {
        // No log here: what there is to say, a verb says. The binding that logging lacks need not be mentioned.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = new CommandLine(new Console(out, err, Console.terminalWithColours(System.getenv())))
                .run(List.of(words));
        out.flush();
        // checkstyle: off RegexpSingleline
        System.exit(code);
        // checkstyle: on RegexpSingleline
    }
}
