package io.openedge.agent;

import io.openedge.app.InvalidValueException;
import io.openedge.config.Applications;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A folder of the host below var/db/openedge, as an application names it. Immutable.
 *
 * @param relative to that
 */
record VolumeFolder(Path relative) {
    private static final Path BASE = Path.of("var/db/openedge");

    /** @throws RefusedException when the path is not below var/db/openedge, or is one of the gateway's own */
    static VolumeFolder of(String path) throws RefusedException {
        try {
            Path joined = Applications.join(Path.of(""), path).normalize();
            if (joined.startsWith(BASE) && !joined.equals(BASE)) {
                VolumeFolder folder = new VolumeFolder(BASE.relativize(joined));
                String first = folder.relative.getName(0).toString();
                if (!first.startsWith(Places.OWN) && !first.startsWith(Places.GATEWAYS)) {
                    return folder;
                }
            }
        } catch (InvalidValueException | InvalidPathException ignored) {
            // said below, like any other place that is not allowed
        }
        throw new RefusedException("path: '" + path + "' is no place for an archive; allowed: folders below " + BASE
                + " that do not begin with " + Places.OWN + " or " + Places.GATEWAYS);
    }

    /** As the gateway takes it, relative to its work directory. */
    String onHost() {
        return BASE.resolve(relative).toString();
    }

    /** Whether one lies in the other, or they are one. */
    boolean meets(VolumeFolder other) {
        return relative.startsWith(other.relative) || other.relative.startsWith(relative);
    }
}
