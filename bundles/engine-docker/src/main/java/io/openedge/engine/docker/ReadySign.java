package io.openedge.engine.docker;

import io.openedge.directory.OwnTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a module in a container says that it works: by a file in a folder that both see. Immutable; any thread.
 *
 * @param folder on the host, of that instance alone
 */
record ReadySign(Path folder) {
    private static final Logger LOG = LoggerFactory.getLogger(ReadySign.class);
    private static final Path ALL = Path.of("var/run/openedge/containers");
    private static final Path INSIDE = Path.of("/run/openedge-instance");
    private static final String FILE = "works";

    /** Where those of a gateway are; what an earlier run left there is removed. */
    static Path place(Path workDirectory) {
        Path all = workDirectory.resolve(ALL);
        try {
            new OwnTree().delete(all);
        } catch (IOException e) {
            LOG.warn("{} is not cleared: {}", all, e.toString());
        }
        return all;
    }

    /** The folder is there, and says nothing yet. Whoever the module runs as may write in it; nobody else comes that far. */
    void reset() throws IOException {
        Path parent = folder.resolveSibling("");
        Files.createDirectories(parent);
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.deleteIfExists(folder.resolve(FILE));
    }

    boolean given() {
        return Files.exists(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
    }

    void remove() throws IOException {
        new OwnTree().delete(folder);
    }

    MountPoint mount() {
        return new MountPoint(folder, INSIDE, false);
    }

    Map<String, String> environment() {
        return Map.of("OPENEDGE_READY_FILE", INSIDE.resolve(FILE).toString());
    }
}
