package io.openedge.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of the shell's socket that knows nothing but lines. */
final class Terminal implements AutoCloseable {
    private static final String END = "\u0004";

    private final SocketChannel channel;
    private final BufferedReader answers;

    Terminal(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** The output of a command, with the line that ended it: ok or error. */
    String type(String command) {
        try {
            send(command + "\n");
            StringBuilder output = new StringBuilder();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(END)) {
                    return output + line.substring(END.length());
                }
                output.append(line).append('\n');
            }
            return output + "(end)";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Whether the shell has ended the session. */
    boolean isOver() throws IOException {
        return answers.read() < 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
