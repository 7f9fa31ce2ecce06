package io.openedge.config;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The user whose sockets they are.
 *
 * @param id as the system numbers it
 * @param sockets the folder for those whose path would be too long
 */
record SocketOwner(int id, Path sockets) {
    private static final Set<PosixFilePermission> OTHERS_MAY_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    static SocketOwner current() {
        try {
            int id = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return new SocketOwner(id, id == 0 ? Path.of("/run/openedge") : Path.of("/tmp/openedge-" + id));
        } catch (IOException e) {
            throw new IllegalStateException("/proc does not say whose process this is", e);
        }
    }

    void create(Path folder) throws IOException, ConfigException {
        // services under other users must reach the API of a gateway that runs as root
        Set<PosixFilePermission> rights = PosixFilePermissions.fromString(id == 0 ? "rwxr-xr-x" : "rwx------");
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(rights));
            Files.setPosixFilePermissions(folder, rights);
        } catch (FileAlreadyExistsException e) {
            requireOwn(folder);
        }
    }

    /** Whether the folder was there, was this user's and empty, and is gone. */
    boolean removeEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(id)) {
            return false;
        }
        try {
            Files.delete(folder);
            return true;
        } catch (DirectoryNotEmptyException e) { // another gateway's, or a socket that is still served
            return false;
        }
    }

    void requireOwn(Path folder) throws ConfigException {
        try {
            boolean own = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(id)
                    && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                            .noneMatch(OTHERS_MAY_WRITE::contains);
            if (!own) {
                throw new ConfigException(
                        folder + ": is not a folder of user " + id + " that nobody else may write to; remove it");
            }
        } catch (IOException e) {
            throw new ConfigException(folder + ": cannot be checked: " + e, e);
        }
    }
}
