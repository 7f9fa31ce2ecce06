package io.openedge.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the gateway has said since a moment: on its standard output, and in its log file. Immutable.
 *
 * @param output file that takes its standard output
 * @param outputStart size of it then
 * @param log file of its logger; the output again when it logs there
 * @param logStart size of it then
 */
record Spoken(Path output, long outputStart, Path log, long logStart) {
    private static final int LINES = 10;
    private static final int BYTES = 8192;

    static Spoken from(WorkDirectory work) throws IOException {
        Path output = work.output();
        String path = work.config().logger().path();
        Path log = path.isEmpty() ? output : work.path().resolve(path);
        return new Spoken(output, size(output), log, size(log));
    }

    /** The last lines, each on a line of its own, with a colon before them; or that there are none. */
    String lastLines() throws IOException {
        List<String> lines = lines(output, outputStart);
        if (lines.isEmpty()) {
            lines = lines(log, logStart);
        }
        return lines.isEmpty()
                ? "; it said nothing"
                : ":\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
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
