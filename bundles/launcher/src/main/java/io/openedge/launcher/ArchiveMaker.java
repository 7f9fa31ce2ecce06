package io.openedge.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the archive that is missing: once the gateway has been up for a while and has little to do, a second JVM starts
 * the same bundles in a folder of its own, and what it leaves at its end replaces all older archives. Whatever fails is
 * said once in the log at info, and tried again at the next start. Thread rule: {@link #begin} once; then a daemon thread.
 */
final class ArchiveMaker implements ClassArchive {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveMaker.class);
    /** The training run ends by itself long before. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** The gateway has little to do when it uses less than this of one processor. */
    private static final double LITTLE = 0.3;

    private static final String END = ".jsa";
    private static final int END_SECONDS = 5;

    /** What the machine must have to spare, in memory and on the disk. Unit: bytes. */
    private static final long SPARE = 192L << 20;

    private final Settings settings;
    private final CacheFolder cache;
    private final Duration after;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "openedge-archive");
        thread.setDaemon(true);
        return thread;
    });

    /** @param after how long the gateway is left alone first */
    ArchiveMaker(Settings settings, CacheFolder cache, Duration after) {
        this.settings = settings;
        this.cache = cache;
        this.after = after;
    }

    /** Makes nothing when the JVM maps that file: one that it passed over is damaged, or another JVM's. */
    ClassArchive unlessUsed(String archive) {
        return () -> {
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                if (maps.noneMatch(line -> line.contains(archive))) {
                    begin();
                }
            } catch (IOException | UncheckedIOException e) {
                LOG.info("It cannot be seen whether the archive of classes is used: {}", e.toString());
            }
        };
    }

    @Override
    public void begin() {
        Duration used = used();
        clock.schedule(() -> makeOrWait(after, used), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void end() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.info("The training run does not end, its folder stays until the next one");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeOrWait(Duration past, Duration usedBefore) {
        try {
            Duration used = used();
            if (used.minus(usedBefore).toMillis() > past.toMillis() * LITTLE && !past.isZero() || !spare()) {
                Duration pause = Duration.ofSeconds(10);
                clock.schedule(() -> makeOrWait(pause, used), pause.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            long begin = System.nanoTime();
            train();
            LOG.info(
                    "The archive of classes is made, in {} s; the next start is faster",
                    Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOG.info("The archive of classes could not be made, starts stay as they are: {}", e.toString());
        }
        clock.shutdown();
    }

    /** Processor time of this process. */
    private static Duration used() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private boolean spare() throws IOException {
        long disk = Files.getFileStore(settings.cache()).getUsableSpace();
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return disk > SPARE
                    && lines.filter(line -> line.startsWith("MemAvailable:"))
                            .allMatch(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10 > SPARE);
        }
    }

    private void train() throws IOException, InterruptedException {
        TrainingFolder folder = TrainingFolder.make(cache.training(), settings);
        try {
            run(folder);
            publish(folder.archives());
        } finally {
            CacheFolder.delete(cache.training());
        }
    }

    private void run(TrainingFolder folder) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        settings.home().resolve("bin/openedge").toString(),
                        "run",
                        "--detached",
                        "-w",
                        folder.path().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.output().toFile());
        builder.environment().put("OPENEDGE_ARCHIVE_TO", folder.archives().toString());
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the training run does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException("the training run ended with " + process.exitValue() + folder.lastLine());
            }
        } finally {
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Each archive is whole on the disk before it has its name, which tells its size; those of before go. */
    private void publish(Path made) throws IOException {
        Path archives = cache.archives();
        Files.createDirectories(archives);
        Files.setPosixFilePermissions(archives, PosixFilePermissions.fromString("rwx------"));
        Set<Path> kept = new HashSet<>();
        for (Path archive : files(made)) {
            if (!archive.toString().endsWith(END)) {
                continue;
            }
            try (FileChannel file = FileChannel.open(archive)) {
                file.force(true);
            }
            String name = archive.getFileName().toString().replace(END, "-" + Files.size(archive) + END);
            kept.add(Files.move(archive, archives.resolve(name), StandardCopyOption.ATOMIC_MOVE));
        }
        if (kept.isEmpty()) {
            throw new IOException("the training run left no archive");
        }
        for (Path old : files(archives)) {
            if (!kept.contains(old)) {
                Files.delete(old);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
