package io.openedge.engine.process.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the run files, one for each run. A reader never sees half of one. They need not survive the kernel: what
 * they name does not either. Immutable; any thread.
 *
 * @param folder made when the first one is written
 */
public record RunFiles(Path folder) {
    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);
    private static final String END = ".run";

    /** @return its path, to be removed when the run is over */
    public Path write(RunFile run) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(run.instance() + "." + run.pid() + END);
        Path fresh = folder.resolve(run.instance() + "." + run.pid() + ".tmp");
        Files.write(fresh, run.lines(), StandardCharsets.UTF_8);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What runs did not come to their end; files that are none are removed. */
    public Map<Path, RunFile> read() {
        Map<Path, RunFile> runs = new LinkedHashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.toString().endsWith(END)) {
                    RunFile.parse(Files.readAllLines(file, StandardCharsets.UTF_8))
                            .ifPresentOrElse(
                                    run -> runs.put(file, run),
                                    () -> LOG.warn("{} is ignored: it is cut, or another version wrote it", file));
                }
                if (!runs.containsKey(file)) {
                    Files.delete(file);
                }
            }
        } catch (NoSuchFileException none) {
            LOG.debug("no run was left behind: there is no {}", folder);
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            LOG.error("{} cannot be read, processes of the last run may be left: {}", folder, e.toString());
        }
        return runs;
    }

    /** The run is over. */
    public static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.toString());
        }
    }
}
