package io.openedge.engine.process.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a control group of our own. Immutable; any thread.
 *
 * @param path below the gateway's own group
 */
public record GroupFolder(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(GroupFolder.class);

    /** Puts a process in; what it starts from now on is in it too. */
    void enter(long pid) throws IOException {
        write("cgroup.procs", Long.toString(pid));
    }

    /** The processes in it and in groups that they made below it; none when it is gone. */
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        addPids(path, pids);
        return pids;
    }

    private static void addPids(Path folder, List<Long> pids) {
        try {
            Files.readAllLines(folder.resolve("cgroup.procs"), StandardCharsets.US_ASCII)
                    .forEach(line -> pids.add(Long.valueOf(line.strip())));
            for (Path below : folders(folder)) {
                addPids(below, pids);
            }
        } catch (IOException gone) {
            LOG.trace("{} is gone: {}", folder, gone.toString());
        }
    }

    /** Kills all that is in it at one stroke; false when this kernel cannot do that. */
    public boolean kill() {
        Path file = path.resolve("cgroup.kill");
        if (!Files.exists(file)) {
            return false;
        }
        try {
            Files.writeString(file, "1", StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            LOG.debug("{}: {}", file, e.toString());
            return false;
        }
    }

    /** Writes one of its control files; only a made tree lacks it, the kernel makes none. */
    void write(String file, String value) throws IOException {
        Files.writeString(path.resolve(file), value, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** The number behind a key in one of its files; 0 when it has none. */
    long number(String file, String key) {
        try {
            return Files.readAllLines(path.resolve(file), StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith(key + " "))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(key.length() + 1).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException none) {
            return 0;
        }
    }

    /**
     * Removes it and the groups below it, as far as they are empty.
     *
     * @return whether it is gone
     */
    public boolean remove() {
        try {
            for (Path below : folders(path)) {
                new GroupFolder(below).remove();
            }
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            LOG.debug("the control group {} stays: {}", path, e.toString());
            return false;
        }
    }

    private static List<Path> folders(Path folder) throws IOException {
        List<Path> below = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            entries.forEach(below::add);
        } catch (NoSuchFileException gone) {
            return List.of();
        }
        return below;
    }
}
