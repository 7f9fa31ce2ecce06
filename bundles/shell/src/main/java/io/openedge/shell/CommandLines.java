package io.openedge.shell;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The lines that a client sends, until it says exit or nothing more. Not safe for more than one thread. */
final class CommandLines {
    private static final int LONGEST = 1 << 16;

    private final InputStream in;

    CommandLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** @throws IOException when the line is too long */
    Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            if (line.size() == LONGEST) {
                throw new IOException("a line is longer than " + LONGEST + " bytes");
            }
            line.write(octet);
            octet = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        boolean over = octet < 0 && text.isEmpty() || text.equals("exit") || text.equals("quit");
        return over ? Optional.empty() : Optional.of(text);
    }
}
