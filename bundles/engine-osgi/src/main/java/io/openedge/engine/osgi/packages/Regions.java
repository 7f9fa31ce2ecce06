package io.openedge.engine.osgi.packages;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Tells by its location to which region a bundle belongs, which is known before the bundle is there. Immutable; any
 * thread.
 */
public final class Regions {
    private static final String BY_REFERENCE = "reference:";

    private final String prefix;

    /** @param store the folder of all packages */
    Regions(Path store) {
        this.prefix = location(store).replaceFirst("/*$", "/");
    }

    /** The location of a bundle that is installed where its file lies. */
    static String location(Path file) {
        return BY_REFERENCE + file.toUri();
    }

    /** The region of a bundle; empty for those of the gateway. */
    public Optional<Region> of(@Nullable Bundle bundle) {
        if (bundle == null || bundle.getBundleId() == 0 || !bundle.getLocation().startsWith(prefix)) {
            return Optional.empty();
        }
        String[] names = bundle.getLocation().substring(prefix.length()).split("/", 3);
        return Optional.of(new Region(names[0], names[1]));
    }
}
