package io.openedge.engine.osgi;

import io.openedge.engine.osgi.packages.Region;
import java.util.Optional;

/**
 * The module that a service runs. Immutable.
 *
 * @param name of its image
 * @param region of the package that must offer it; empty: a bundle of the gateway does
 */
record WantedModule(String name, Optional<Region> region) {
    /** Who is to offer it, in words. */
    String nobody() {
        return region.isPresent()
                ? "no bundle of its package offers the module '" + name + "'"
                : "no bundle offers the module '" + name + "'";
    }
}
