package io.openedge.master.feature;

import io.openedge.app.AppConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The features of an installation, loaded as applications need them. Thread rule: any thread; loadings take turns. */
public final class FeatureStock {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureStock.class);

    private final Features features;
    private final FeatureLoader loader;
    private final Path more;
    private final String mode;
    private final Semaphore turn = new Semaphore(1);

    /**
     * Reads the lists.
     *
     * @param home of the installation
     * @param more names of features that are always loaded, one a line; need not exist
     * @param mode the engine of services that name none
     * @throws FeatureException when a list cannot be read
     */
    public FeatureStock(BundleContext context, Path home, Path more, String mode) throws FeatureException {
        this.features = Features.read(home.resolve("features"));
        this.loader = new FeatureLoader(context, home.resolve("bundles"));
        this.more = more;
        this.mode = mode;
    }

    /** Whether some feature brings the engine. */
    public boolean bringEngine(String engine) {
        return features.bringEngine(engine);
    }

    /**
     * Loads what an application needs and what is not there yet.
     *
     * @throws FeatureException names every bundle that does not resolve with what it lacks
     */
    public void load(AppConfig application) throws FeatureException {
        Set<FeatureList> needed = new LinkedHashSet<>(features.needed(mode, application));
        addMore(needed);
        turn.acquireUninterruptibly();
        try {
            loader.load(needed);
        } finally {
            turn.release();
        }
    }

    /** The modules that some feature brings. */
    public Set<String> images() {
        return features.images();
    }

    private void addMore(Set<FeatureList> needed) {
        if (!Files.exists(more)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(more)) {
                String name = line.strip();
                if (!name.isEmpty() && !name.startsWith("#")) {
                    features.named(name)
                            .ifPresentOrElse(needed::add, () -> LOG.error("{}: there is no feature '{}'", more, name));
                }
            }
        } catch (IOException e) {
            LOG.error("{} cannot be read: {}", more, e.toString());
        }
    }
}
