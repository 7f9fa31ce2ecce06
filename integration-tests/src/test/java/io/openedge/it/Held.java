package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a process holds, as the system and its JVM count it.
 *
 * @param loaders class loaders of bundles that are alive after a collection
 * @param threads of the process
 * @param files descriptors, sockets among them
 */
record Held(long loaders, long threads, long files) {
    private static final String LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";

    static Held by(long pid, Path folder) throws IOException, InterruptedException {
        long loaders = loaders(pid, folder);
        return new Held(loaders, count(pid, "task"), count(pid, "fd"));
    }

    boolean atMost(Held other) {
        return loaders <= other.loaders && threads <= other.threads && files <= other.files;
    }

    private static long count(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(pid), what))) {
            return entries.count();
        }
    }

    /** The histogram counts what a full collection leaves. */
    private static long loaders(long pid, Path folder) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "histogram", "");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        String.valueOf(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!jcmd.waitFor(60, TimeUnit.SECONDS)) {
            jcmd.destroyForcibly();
        }
        try (Stream<String> lines = Files.lines(out)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 3 && words[3].startsWith(LOADER))
                    .mapToLong(words -> Long.parseLong(words[1]))
                    .sum();
        } finally {
            Files.delete(out);
        }
    }
}
