package io.openedge.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A session with the gateway's shell: a line out, its output and a line {@code EOT ok} or {@code EOT error} in. */
final class ShellConnection implements AutoCloseable {
    private static final int END = 4;

    private final SocketChannel channel;
    private final InputStream answers;

    private ShellConnection(SocketChannel channel) {
        this.channel = channel;
        this.answers = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /** @throws CommandException says that no gateway runs, or that it has no shell */
    static ShellConnection open(WorkDirectory work) throws IOException, CommandException {
        Path socket = work.files().operatorSocket().resolveSibling("shell.sock");
        try {
            return new ShellConnection(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IOException e) {
            OptionalLong pid = work.process().running();
            throw new CommandException(
                    pid.isEmpty()
                            ? "the gateway of " + work.path() + " is not running"
                            : "the gateway runs as process " + pid.getAsLong() + ", but its shell does not answer on "
                                    + socket + ": " + e.getMessage());
        }
    }

    /**
     * Runs a command and shows what it prints as it comes.
     *
     * @return whether it did what it should
     */
    boolean execute(String command, PrintStream out) throws IOException, CommandException {
        ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        int octet = answers.read();
        while (octet >= 0 && octet != END) {
            out.write(octet);
            if (answers.available() == 0) {
                out.flush();
            }
            octet = answers.read();
        }
        out.flush();
        StringBuilder word = new StringBuilder();
        for (octet = answers.read(); octet >= 0 && octet != '\n'; octet = answers.read()) {
            word.append((char) octet);
        }
        if (octet < 0) {
            throw new CommandException("the shell has ended the session");
        }
        return word.toString().equals("ok");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
