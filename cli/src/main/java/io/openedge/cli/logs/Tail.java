package io.openedge.cli.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;

/** The lines of one file that grows; it stays this file when it is renamed. Thread rule: one at a time. */
final class Tail implements AutoCloseable {
    /** A line that is longer is cut in pieces. Unit: bytes. */
    private static final int LONGEST = 1 << 20;

    private final FileChannel channel;
    private final Object identity;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Tail(FileChannel channel, Object identity) {
        this.channel = channel;
        this.identity = identity;
    }

    static Tail open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new Tail(channel, identity(file).orElse(channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What stays the same when the file is renamed; empty: there is no such file. */
    static Optional<Object> identity(Path file) throws IOException {
        return Files.exists(file)
                ? Optional.ofNullable(
                        Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                : Optional.empty();
    }

    boolean is(Path file) throws IOException {
        return identity(file).filter(identity::equals).isPresent();
    }

    /** Whether somebody has cut what was read. */
    boolean isCut() throws IOException {
        return channel.size() < channel.position();
    }

    void rewind() throws IOException {
        channel.position(0);
        line.reset();
    }

    /** Hands over what is there by now, whole lines only. */
    void drain(Consumer<String> lines) throws IOException {
        while (channel.read(buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n' || line.size() >= LONGEST) {
                    finish(lines);
                }
                if (next != '\n') {
                    line.write(next);
                }
            }
        }
    }

    /** Hands over the line that has no end yet. */
    void finish(Consumer<String> lines) {
        lines.accept(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }

    boolean hasUnfinished() {
        return line.size() > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
