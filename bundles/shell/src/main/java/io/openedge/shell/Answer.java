package io.openedge.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The output of commands on its way to the client, and the line that ends it. Thread rule: any thread; commands may print
 * from several.
 */
final class Answer extends OutputStream {
    /** Begins the line that ends an answer; output never holds it. */
    static final char END = 4;

    private final OutputStream client;
    private boolean inLine;
    private boolean complained;

    Answer(OutputStream client) {
        this.client = client;
    }

    /** Error output: it goes the same way, and the command counts as failed. */
    OutputStream errors() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Answer.this.complain();
                Answer.this.write(bytes, offset, length);
            }
        };
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        byte[] clean = new byte[length];
        System.arraycopy(bytes, offset, clean, 0, length);
        for (int i = 0; i < length; i++) {
            if (clean[i] == END) {
                clean[i] = '?';
            }
        }
        client.write(clean);
        inLine = clean[length - 1] != '\n';
    }

    /** Ends the answer to one command. */
    synchronized void end(boolean ok) throws IOException {
        String word = ok && !complained ? "ok" : "error";
        client.write(((inLine ? "\n" : "") + END + word + "\n").getBytes(StandardCharsets.UTF_8));
        inLine = false;
        complained = false;
    }

    private synchronized void complain() {
        complained = true;
    }
}
