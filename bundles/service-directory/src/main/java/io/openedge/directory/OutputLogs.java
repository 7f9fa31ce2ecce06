package io.openedge.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of all logs of instances: {@code SERVICE/INSTANCE.log}. Names that callers of the API make up do not fill it:
 * of a service only so many logs stay. Immutable; any thread.
 *
 * @param folder below the gateway's own logs
 */
public record OutputLogs(Path folder) {
    static final int MOST_NAMES = 100;
    private static final Path PLACE = Path.of("var/log/openedge/services");
    private static final Logger LOG = LoggerFactory.getLogger(OutputLogs.class);
    private static final String END = ".log";

    /** Those of a gateway. */
    public static OutputLogs in(Path workDirectory) {
        return new OutputLogs(workDirectory.resolve(PLACE));
    }

    /** The log of an instance. */
    public OutputLog of(String service, String instance) {
        Path file = folder.resolve(service).resolve(instance + END);
        if (!Files.exists(file)) {
            forgetOldest(Objects.requireNonNull(file.getParent()));
        }
        return new OutputLog(file, OutputLog.MOST_BYTES);
    }

    private static void forgetOldest(Path folder) {
        try {
            List<Path> logs = new ArrayList<>();
            List<Path> all = files(folder);
            all.stream().filter(file -> file.toString().endsWith(END)).forEach(logs::add);
            logs.sort(Comparator.comparingLong(file -> file.toFile().lastModified()));
            for (Path log : logs.subList(0, Math.max(0, logs.size() - MOST_NAMES + 1))) {
                for (Path part : all) {
                    if (part.equals(log) || part.toString().startsWith(log + ".")) {
                        Files.deleteIfExists(part);
                    }
                }
            }
        } catch (NoSuchFileException none) {
            LOG.trace("{} will be made", folder);
        } catch (IOException e) {
            LOG.warn("old logs in {} cannot be removed: {}", folder, e.toString());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
