package io.openedge.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a verb speaks: results on one stream, reasons on the other.
 *
 * @param out standard output
 * @param err standard error
 * @param colour whether standard output shows colours
 */
record Console(PrintStream out, PrintStream err, boolean colour) {
    void say(String line) {
        out.println(line);
    }

    /** Further lines are indented: they belong to the first. */
    void complain(String lines) {
        err.println("openedge: " + lines.replace("\n", "\n  "));
    }

    /** Whether this process's standard output is a terminal that shows colours, and nobody has asked for none. */
    static boolean terminalWithColours(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()
                || "dumb".equals(environment.getOrDefault("TERM", "dumb"))) {
            return false;
        }
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return Stream.of("/dev/pts/", "/dev/tty", "/dev/console").anyMatch(output::startsWith);
        } catch (IOException e) {
            return false;
        }
    }
}
