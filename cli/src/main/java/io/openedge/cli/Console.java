package io.openedge.cli;

import java.io.PrintStream;

/**
 * Where a verb speaks: results on one stream, reasons on the other.
 *
 * @param out standard output
 * @param err standard error
 */
record Console(PrintStream out, PrintStream err) {
    void say(String line) {
        out.println(line);
    }

    void complain(String line) {
        err.println("openedge: " + line);
    }
}
