package io.openedge.engine.osgi.packages;

import io.openedge.engine.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles of one version of a package in the framework, resolved. Thread rule: one thread at a time. */
final class InstalledPackage {
    private static final Logger LOG = LoggerFactory.getLogger(InstalledPackage.class);

    private final Region region;
    private final List<Bundle> bundles;
    private final FrameworkWiring wiring;

    private InstalledPackage(Region region, List<Bundle> bundles, FrameworkWiring wiring) {
        this.region = region;
        this.bundles = bundles;
        this.wiring = wiring;
    }

    /** @throws EngineException when one cannot be installed or does not resolve; nothing is left in the framework then */
    static InstalledPackage install(BundleContext context, StoredPackage stored) throws EngineException {
        List<Bundle> bundles = new ArrayList<>();
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        InstalledPackage result = new InstalledPackage(stored.region(), bundles, wiring);
        try {
            for (Path jar : stored.jars()) {
                bundles.add(install(context, jar));
            }
            result.resolve();
            return result;
        } catch (EngineException | RuntimeException e) {
            result.uninstall();
            throw e;
        }
    }

    private static Bundle install(BundleContext context, Path jar) throws EngineException {
        try {
            return context.installBundle(Regions.location(jar));
        } catch (BundleException e) {
            throw new EngineException(
                    "the bundle " + jar.getFileName() + " of its package cannot be installed: " + e.getMessage(), e);
        }
    }

    private void resolve() throws EngineException {
        if (!wiring.resolveBundles(bundles)) {
            throw new EngineException(bundles.stream()
                    .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
                    .map(bundle -> "the bundle " + name(bundle) + " of its package does not resolve: " + reason(bundle))
                    .collect(Collectors.joining("; ")));
        }
    }

    /** The framework says what is missing only when it is asked to start the bundle. */
    private static String reason(Bundle bundle) {
        if (isFragment(bundle)) {
            return "the package has no host for this fragment";
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "it does alone, but not with the others";
        } catch (BundleException e) {
            return Missing.words(e);
        }
    }

    /** @throws EngineException when one does not start; none of them is active then */
    void start() throws EngineException {
        for (Bundle bundle : bundles) {
            if (!isFragment(bundle)) {
                try {
                    bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
                } catch (BundleException | RuntimeException e) {
                    stop();
                    Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
                    throw new EngineException(
                            "the bundle " + name(bundle) + " of its package does not start: " + cause, e);
                }
            }
        }
    }

    void stop() {
        for (Bundle bundle : lastFirst()) {
            if (bundle.getState() != Bundle.UNINSTALLED && !isFragment(bundle)) {
                try {
                    bundle.stop(Bundle.STOP_TRANSIENT);
                } catch (BundleException | RuntimeException e) {
                    LOG.warn("service {}: the bundle {} does not stop cleanly", region.service(), name(bundle), e);
                }
            }
        }
    }

    /** Nobody else has wires to these bundles: with them their classes go. */
    void uninstall() {
        for (Bundle bundle : lastFirst()) {
            try {
                if (bundle.getState() != Bundle.UNINSTALLED) {
                    bundle.uninstall();
                }
            } catch (BundleException | RuntimeException e) {
                LOG.warn("service {}: the bundle {} cannot be uninstalled", region.service(), name(bundle), e);
            }
        }
        if (!bundles.isEmpty()) {
            wiring.refreshBundles(bundles);
        }
    }

    /** Whether nobody took a bundle away. */
    boolean isComplete() {
        return bundles.stream().noneMatch(bundle -> bundle.getState() == Bundle.UNINSTALLED);
    }

    Region region() {
        return region;
    }

    /** Names and versions. */
    @Override
    public String toString() {
        return bundles.stream().map(InstalledPackage::name).collect(Collectors.joining(", "));
    }

    private List<Bundle> lastFirst() {
        List<Bundle> reverse = new ArrayList<>(bundles);
        Collections.reverse(reverse);
        return reverse;
    }

    private static boolean isFragment(Bundle bundle) {
        return Optional.ofNullable(bundle.adapt(BundleRevision.class))
                .filter(revision -> (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0)
                .isPresent();
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
