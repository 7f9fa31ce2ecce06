package io.openedge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;

/** The shell of the running gateway: one command from the command line, or those of standard input, a line each. */
final class ShellVerb implements Verb {
    private static final String PROMPT = "openedge> ";

    private final InputStream in;

    ShellVerb() {
        this(System.in);
    }

    ShellVerb(InputStream in) {
        this.in = in;
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String operands() {
        return "['COMMAND']";
    }

    /** 0 when every command did what it should. */
    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> words = arguments.operandsFrom(0, operands());
        WorkDirectory work = WorkDirectory.running(arguments);
        work.files().requireOwnFolders();
        try (ShellConnection shell = ShellConnection.open(work)) {
            if (words.isEmpty()) {
                return interactive(shell, console);
            }
            boolean ok = true;
            for (String line : String.join(" ", words).lines().toList()) {
                ok &= shell.execute(line, console.out());
            }
            return ok ? OK : FAILED;
        }
    }

    private int interactive(ShellConnection shell, Console console) throws IOException, CommandException {
        boolean terminal = System.console() != null;
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        boolean ok = true;
        while (true) {
            if (terminal) {
                console.out().print(PROMPT);
                console.out().flush();
            }
            String line = lines.readLine();
            if (line == null || List.of("exit", "quit").contains(line.strip())) {
                return ok ? OK : FAILED;
            }
            boolean done = shell.execute(line, console.out());
            ok &= done || terminal;
        }
    }
}
