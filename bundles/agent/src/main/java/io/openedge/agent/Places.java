package io.openedge.agent;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Applications;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The folder of the host that holds the volumes, as the agent sees it. Immutable; any thread.
 *
 * @param root the agent's var/db/openedge/volumes
 */
record Places(Path root) {
    /** What names of the agent's own files and folders begin with. */
    static final String OWN = ".agent";

    /** What names of the gateway's files in it begin with: a folder in the place of one would stop all updates. */
    static final String GATEWAYS = "application.";

    private static final String APPLICATION = "application.yml";

    /** What the agent remembers. */
    Path state() {
        return root.resolve(OWN + ".json");
    }

    /** Where archives become folders; on the disk of the volumes, as a folder is moved into place. */
    Path staging() {
        return root.resolve(OWN + "-staging");
    }

    /**
     * Where a volume's folder is.
     *
     * @throws RefusedException when a link on the way leads out
     */
    Path of(VolumeFolder folder) throws IOException, RefusedException {
        Path place = root.resolve(folder.relative());
        Path known = place;
        while (!Files.exists(known)) {
            known = known.getParent();
        }
        if (!known.toRealPath().startsWith(root.toRealPath())) {
            throw new RefusedException("path: '" + folder.onHost() + "' leads out by a link; allowed: real folders");
        }
        return place;
    }

    /**
     * The folders that the application that runs names, and the one before an update that is under way.
     *
     * @throws ConfigException when they cannot be known
     */
    Set<VolumeFolder> inUse() throws ConfigException {
        Set<VolumeFolder> named = new HashSet<>();
        for (String name : List.of(APPLICATION, APPLICATION + ".old")) {
            Path file = root.resolve(name);
            if (Files.exists(file)) {
                named.addAll(named(Applications.read(file, warning -> {})));
            }
        }
        return named;
    }

    /** The folders below var/db/openedge that an application names. */
    static Set<VolumeFolder> named(AppConfig application) {
        Set<VolumeFolder> named = new HashSet<>();
        for (VolumeSpec volume : application.volumes()) {
            try {
                named.add(VolumeFolder.of(volume.path()));
            } catch (RefusedException elsewhere) {
                continue; // such as etc: no archive goes there
            }
        }
        return named;
    }
}
