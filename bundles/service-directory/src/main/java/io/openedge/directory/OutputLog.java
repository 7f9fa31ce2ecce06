package io.openedge.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one run prints to the log file of its instance. The file rolls over, and few parts are kept. Output that
 * cannot be written is dropped: the program that prints is never held up. Thread rule: one at a time writes or closes;
 * {@link #copy} on a thread of its own.
 */
public final class OutputLog implements AutoCloseable {
    /** A part may be so long, and a little longer. Unit: bytes. */
    public static final long MOST_BYTES = 5 << 20;
    /** So many are kept. */
    public static final int MOST_PARTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(OutputLog.class);
    private static final int BUFFER = 8 << 10;
    private static final int LONGEST_LAST_LINE = 300;

    private final Path file;
    private final long mostBytes;
    private @Nullable FileChannel channel;
    private boolean failing;
    private final StringBuilder line = new StringBuilder();
    private volatile String lastLine = "";

    /** @param file of the instance; its folder is made */
    OutputLog(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
    }

    /** Until the last process that may print is gone. */
    public void copy(InputStream output) {
        byte[] buffer = new byte[BUFFER];
        try (output) {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                write(buffer, count);
            }
        } catch (IOException closed) {
            LOG.trace("{}: {}", file, closed.toString());
        } finally {
            close();
        }
    }

    /** A piece of what it prints, from the beginning of the buffer. */
    public void write(byte[] buffer, int count) {
        remember(buffer, count);
        write(ByteBuffer.wrap(buffer, 0, count));
    }

    /** The last line that says something: often why a program ended. */
    public String lastLine() {
        return lastLine;
    }

    private void remember(byte[] buffer, int count) {
        int from = Math.max(0, count - 4 * LONGEST_LAST_LINE);
        for (char next : new String(buffer, from, count - from, StandardCharsets.UTF_8).toCharArray()) {
            if (next == '\n') {
                keepLine();
            } else if (line.length() < LONGEST_LAST_LINE && !Character.isISOControl(next)) {
                line.append(next);
            }
        }
        if (line.length() > 0 && lastLine.isEmpty()) {
            lastLine = line.toString();
        }
    }

    private void keepLine() {
        if (!line.toString().isBlank()) {
            lastLine = line.toString().strip();
        }
        line.setLength(0);
    }

    private void write(ByteBuffer bytes) {
        try {
            FileChannel open = channel == null ? open() : channel;
            channel = open;
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
            failing = false;
            if (open.size() >= mostBytes) {
                close();
                roll();
            }
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("output is dropped: {} cannot be written: {}", file, e.toString());
            }
            failing = true;
            close();
        }
    }

    private FileChannel open() throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private void roll() throws IOException {
        List<Part> old = parts();
        int kept = Math.min(MOST_PARTS - 2, old.size()); // beside the one that rolls now, and the one that comes
        for (Part surplus : old.subList(kept, old.size())) {
            Files.deleteIfExists(surplus.path());
        }
        String today = LocalDate.now(ZoneId.systemDefault()).toString();
        int number = old.stream()
                .filter(part -> part.day().equals(today))
                .mapToInt(part -> part.number() + 1)
                .max()
                .orElse(0);
        Files.move(
                file,
                file.resolveSibling(file.getFileName() + "." + today + "." + number),
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** Those that rolled over, the newest first: {@code NAME.2026-01-31.0}, as the gateway's own log. */
    private List<Part> parts() throws IOException {
        Pattern name = Pattern.compile(
                Pattern.quote(file.getFileName().toString()) + "\\.(\\d{4}-\\d\\d-\\d\\d)\\.(\\d{1,9})");
        List<Part> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Objects.requireNonNull(file.getParent()))) {
            for (Path other : (Iterable<Path>) files::iterator) {
                Matcher match = name.matcher(other.getFileName().toString());
                if (match.matches()) {
                    parts.add(new Part(other, match.group(1), Integer.parseInt(match.group(2))));
                }
            }
        }
        parts.sort(Comparator.comparing(Part::day).thenComparing(Part::number).reversed());
        return parts;
    }

    private record Part(Path path, String day, int number) {}

    /** What is written later opens the file again. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", file, e.toString());
        } finally {
            channel = null;
        }
    }
}
