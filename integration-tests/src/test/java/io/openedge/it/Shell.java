package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A session of the gateway's shell, without a process for each command. */
final class Shell implements AutoCloseable {
    private static final String END = "\u0004";

    private final SocketChannel channel;
    private final BufferedReader answers;

    Shell(Path work) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(work.resolve("var/run/openedge/shell.sock")));
        answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    /** Runs a command that must not fail; answers its output. */
    String type(String command) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        StringBuilder output = new StringBuilder();
        for (String text = answers.readLine(); text != null; text = answers.readLine()) {
            if (text.startsWith(END)) {
                assertThat(text).as("%s: %s", command, output).isEqualTo(END + "ok");
                return output.toString();
            }
            output.append(text).append('\n');
        }
        throw new IOException("the shell has ended the session: " + output);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
