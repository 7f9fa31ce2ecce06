package io.openedge.master.app;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.MountSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Applications;
import io.openedge.config.FileTrouble;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the folders of volumes in the work directory and makes those that are missing. None may climb out of it, not
 * through a link either, and none may hold the operator's socket. Immutable; any thread.
 */
public final class VolumeFolders {
    private static final String HOLDS_SOCKET = "holds the operator's socket, which no service may reach";

    private final Path workDirectory;
    private final Path operatorSocket;
    private final Map<String, VolumeSpec> volumes = new HashMap<>();
    private final Set<String> alone = new HashSet<>();

    /** The folders of an application's volumes. */
    public static VolumeFolders of(Path workDirectory, Path operatorSocket, AppConfig application, String mode) {
        VolumeFolders folders = new VolumeFolders(workDirectory, operatorSocket, application.volumes());
        folders.alone.addAll(SharedVolumes.alone(application, mode));
        return folders;
    }

    public VolumeFolders(Path workDirectory, Path operatorSocket, List<VolumeSpec> volumes) {
        this.workDirectory = workDirectory.toAbsolutePath().normalize();
        this.operatorSocket = operatorSocket;
        volumes.forEach(volume -> this.volumes.put(volume.name(), volume));
    }

    /**
     * The folders that a service mounts.
     *
     * @throws EngineException when one cannot be had; names volume and path
     */
    public Volumes of(Collection<MountSpec> mounts) throws EngineException {
        return volumes(mounts, this::made);
    }

    /**
     * The folders that a service will mount, without making any: an empty one stands in for one that is not there yet.
     *
     * @param coming folders whose content will be put in place, by volume
     * @throws EngineException when one cannot be had; names volume and path
     */
    public Volumes expected(Collection<MountSpec> mounts, Map<String, Path> coming) throws EngineException {
        return volumes(
                mounts,
                (volume, folder) -> coming.getOrDefault(volume.name(), Files.isDirectory(folder) ? folder : empty()));
    }

    /** Takes a volume that is not refused, and its place. */
    private interface Finder {
        Path find(VolumeSpec volume, Path place) throws EngineException;
    }

    private Volumes volumes(Collection<MountSpec> mounts, Finder finder) throws EngineException {
        Map<String, Path> folders = new HashMap<>();
        for (MountSpec mount : mounts) {
            VolumeSpec volume = volumes.get(mount.name());
            if (volume == null) {
                throw new EngineException("there is no volume '" + mount.name() + "'");
            }
            Optional<String> refusal = refusal(volume);
            if (refusal.isPresent()) {
                throw new EngineException(words(volume) + refusal.get());
            }
            Path place = Applications.join(workDirectory, volume.path()).normalize();
            folders.put(volume.name(), finder.find(volume, place));
        }
        return new Volumes(workDirectory, folders, alone);
    }

    private static String words(VolumeSpec volume) {
        return "volume '" + volume.name() + "': path '" + volume.path() + "' ";
    }

    private Path empty() throws EngineException {
        try {
            return Files.createDirectories(workDirectory.resolve("var/lib/openedge/empty"));
        } catch (IOException e) {
            throw new EngineException(FileTrouble.sentence(e), e);
        }
    }

    /** Why a volume cannot be used; nothing is made. Empty: it can. */
    public Optional<String> refusal(VolumeSpec volume) {
        try {
            Path folder = Applications.join(workDirectory, volume.path()).normalize();
            if (!folder.startsWith(workDirectory) || !realPrefix(folder).startsWith(workDirectory.toRealPath())) {
                return Optional.of("leads out of the work directory");
            }
            if (operatorSocket.startsWith(folder)) {
                return Optional.of(HOLDS_SOCKET);
            }
            Path existing = existing(folder);
            return Files.isDirectory(existing) ? Optional.empty() : Optional.of("is no folder: " + existing);
        } catch (InvalidValueException e) {
            return Optional.of("leads out of the work directory");
        } catch (IOException e) {
            return Optional.of("cannot be read: " + e);
        }
    }

    private Path made(VolumeSpec volume, Path folder) throws EngineException {
        String what = words(volume);
        try {
            Path root = workDirectory.toRealPath();
            if (!Files.exists(folder)) {
                Files.createDirectories(folder);
            }
            if (!folder.toRealPath().startsWith(root)) {
                throw new EngineException(what + "leads out of the work directory through a link");
            }
            if (realPrefix(operatorSocket).startsWith(folder.toRealPath())) {
                throw new EngineException(what + HOLDS_SOCKET);
            }
            return folder;
        } catch (IOException e) {
            throw new EngineException(what + "cannot be made or read: " + e, e);
        }
    }

    /** Where the part of a path that exists really is. */
    private static Path realPrefix(Path path) throws IOException {
        return existing(path).toRealPath();
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        return existing;
    }
}
