package io.openedge.engine.osgi.packages;

import java.nio.file.Path;
import java.util.List;

/**
 * A package in the store, whole and unchanging. Immutable.
 *
 * @param region to which its bundles belong
 * @param jars of its bundles, in its order
 */
record StoredPackage(Region region, List<Path> jars) {
    StoredPackage {
        jars = List.copyOf(jars);
    }
}
