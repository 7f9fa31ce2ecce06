package io.openedge.cli;

import io.openedge.config.FileTrouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the gateway has said since a moment: on its standard output, and in its log file. Immutable.
 *
 * @param output file that takes its standard output
 * @param outputStart size of it then
 * @param log file of its logger; the output again when it logs there
 * @param logStart size of it then
 */
record Spoken(Path output, long outputStart, Path log, long logStart) {
    private static final String REASON = "openedge: ";
    private static final int LINES = 10;
    private static final int BYTES = 8192;

    static Spoken from(WorkDirectory work) throws IOException {
        Path output = work.output();
        String path = work.config().logger().path();
        Path log = path.isEmpty() ? output : work.path().resolve(path);
        return new Spoken(output, size(output), log, size(log));
    }

    /** Why the gateway ended: what it said as its reason, else its last lines, else that there are none. */
    String reason() throws IOException {
        List<String> lines = lines(output, outputStart);
        List<String> reasons = lines.stream()
                .filter(line -> line.startsWith(REASON))
                .map(line -> line.substring(REASON.length()))
                .distinct()
                .toList();
        if (!reasons.isEmpty()) {
            return ": " + String.join("; ", reasons);
        }
        Optional<String> why = lines.isEmpty() ? whyNothing() : Optional.empty();
        return why.isPresent() ? ": " + why.get() : lastLines();
    }

    /** On a full disk the reason does not get into the file. */
    private Optional<String> whyNothing() {
        Path probe = output.resolveSibling("openedge.out.probe");
        try {
            try {
                Files.write(probe, new byte[BYTES]);
            } finally {
                Files.deleteIfExists(probe);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(FileTrouble.sentence(output, e));
        }
    }

    /** The last lines, each on a line of its own, with a colon before them; or that there are none. */
    String lastLines() throws IOException {
        List<String> lines = lines(output, outputStart);
        if (lines.isEmpty()) {
            lines = lines(log, logStart);
        }
        return lines.isEmpty()
                ? "; it said nothing"
                : ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static List<String> lines(Path file, long start) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long length = content.length();
            // A log that is shorter now was rolled over: all of it is new.
            long from = Math.max(length < start ? 0 : start, length - BYTES);
            byte[] bytes = new byte[(int) (length - from)];
            content.seek(from);
            content.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
