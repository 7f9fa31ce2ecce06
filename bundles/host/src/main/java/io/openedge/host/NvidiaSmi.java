package io.openedge.host;

import io.openedge.system.GpuStats;
import io.openedge.system.GpuStats.Gpu;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Graphics processors of NVIDIA, by the driver's own program. Without that program there are none.
 *
 * @param searchPath folders where it may be
 * @param limit after which it is killed
 */
record NvidiaSmi(String searchPath, Duration limit) {
    private static final String QUERY = "--query-gpu=index,memory.total,memory.free,utilization.gpu,name";
    private static final String FORMAT = "--format=csv,noheader,nounits";
    private static final int FIELDS = 5;
    private static final int MEBI = 1 << 20;
    private static final int MOST = 64 * 1024;

    GpuStats read(Instant now) throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return GpuStats.UNKNOWN;
        }
        return new GpuStats(now, ask(program.get()).lines().map(NvidiaSmi::gpu).toList(), "");
    }

    private Optional<Path> program() {
        return Stream.of(searchPath.split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "nvidia-smi"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private String ask(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), QUERY, FORMAT)
                .redirectErrorStream(true)
                .start();
        try (InputStream in = process.getInputStream()) {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("nvidia-smi does not answer within " + limit.toMillis() + " ms");
            }
            // only what is there: whoever else holds the pipe must not be waited for
            byte[] said = in.readNBytes(Math.min(MOST, in.available()));
            String text = new String(said, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException("nvidia-smi ended with exit code " + process.exitValue() + first(text));
            }
            return text;
        } finally {
            Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList()
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String first(String text) {
        return text.lines().findFirst().map(line -> ": " + line).orElse("");
    }

    private static Gpu gpu(String line) {
        List<String> fields =
                Stream.of(line.split(",", FIELDS)).map(String::strip).toList();
        if (fields.size() != FIELDS) {
            throw new IllegalStateException("nvidia-smi answers what is not understood: " + line);
        }
        long total = number(fields.get(1)) * MEBI;
        long free = number(fields.get(2)) * MEBI;
        return new Gpu(
                fields.get(0), fields.get(4), total, free, Memory.percent(total - free, total), number(fields.get(3)));
    }

    /** A device says [N/A] or the like of what it does not know. */
    private static long number(String text) {
        return text.matches("\\d{1,12}") ? Long.parseLong(text) : 0;
    }
}
