package io.openedge.function.python;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines of bounded length. One thread. */
final class LogLines {
    private static final int LONGEST = 16 * 1024;

    private LogLines() {}

    /** Hands each line on until the end of input; a longer one comes in pieces. */
    static void read(InputStream source, Consumer<String> lines) throws IOException {
        InputStream in = new BufferedInputStream(source);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.write(next);
            }
            if (next == '\n' || line.size() >= LONGEST) {
                hand(line, lines);
            }
        }
        if (line.size() > 0) {
            hand(line, lines);
        }
    }

    private static void hand(ByteArrayOutputStream line, Consumer<String> lines) {
        lines.accept(line.toString(StandardCharsets.UTF_8).stripTrailing());
        line.reset();
    }
}
