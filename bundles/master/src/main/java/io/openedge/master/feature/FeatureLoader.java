package io.openedge.master.feature;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the bundles of features by reference, resolves all together, then starts them. Thread rule: one at a time; what
 * is there already is left alone.
 */
public final class FeatureLoader {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureLoader.class);

    private final BundleContext context;
    private final Path bundles;

    /** @param bundles the installation's folder of bundles */
    public FeatureLoader(BundleContext context, Path bundles) {
        this.context = context;
        this.bundles = bundles;
    }

    /**
     * Loads features.
     *
     * @throws FeatureException names every bundle that does not resolve with what it lacks
     */
    public void load(Collection<FeatureList> features) throws FeatureException {
        Map<String, Bundle> installed = new LinkedHashMap<>();
        for (FeatureList feature : features) {
            for (String file : feature.bundles()) {
                if (!installed.containsKey(file)) {
                    install(feature, file, installed);
                }
            }
        }
        resolve(installed);
        for (Map.Entry<String, Bundle> bundle : installed.entrySet()) {
            start(bundle.getKey(), bundle.getValue());
        }
        LOG.info("features: {}", features.stream().map(FeatureList::name).collect(Collectors.joining(", ")));
    }

    private void install(FeatureList feature, String file, Map<String, Bundle> installed) throws FeatureException {
        Path jar = bundles.resolve(file);
        if (!Files.isRegularFile(jar)) {
            throw new FeatureException(
                    "feature '" + feature.name() + "' names bundle " + file + ", and " + bundles + " does not have it");
        }
        try {
            // without effect when the location is known already
            installed.put(file, context.installBundle("reference:" + jar.toUri()));
        } catch (BundleException e) {
            if (e.getType() != BundleException.DUPLICATE_BUNDLE_ERROR) {
                throw new FeatureException("bundle " + file + " cannot be installed: " + e.getMessage(), e);
            }
            LOG.debug("bundle {} is there from another place", file);
        }
    }

    private void resolve(Map<String, Bundle> installed) throws FeatureException {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (wiring.resolveBundles(installed.values())) {
            return;
        }
        List<String> problems = new ArrayList<>();
        List<String> others = new ArrayList<>();
        installed.forEach((file, bundle) -> {
            if (bundle.getState() == Bundle.INSTALLED) {
                List<String> missing = MissingRequirement.of(bundle, wiring);
                if (missing.isEmpty()) {
                    others.add(file);
                } else {
                    problems.add("bundle " + file + " lacks " + String.join(" and ", missing));
                }
            }
        });
        if (problems.isEmpty()) {
            for (String file : others) {
                problems.add("bundle " + file + " does not resolve: " + frameworkSays(installed.get(file)));
            }
        } else if (!others.isEmpty()) {
            problems.add("therefore these do not resolve either: " + String.join(", ", others));
        }
        throw new FeatureException(String.join("; ", problems));
    }

    private static String frameworkSays(Bundle bundle) {
        try {
            bundle.start();
            return "it does when tried alone";
        } catch (BundleException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void start(String file, Bundle bundle) throws FeatureException {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            bundle.start();
        } catch (BundleException e) {
            throw new FeatureException("bundle " + file + " cannot be started: " + e.getMessage(), e);
        }
    }
}
