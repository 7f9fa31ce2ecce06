package io.openedge.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles of the feature core: installed where they lie, all resolved, then started in their order. */
final class CoreBundles {
    private final List<Bundle> bundles;

    private CoreBundles(List<Bundle> bundles) {
        this.bundles = bundles;
    }

    static CoreBundles install(BundleContext context, List<Path> files) throws LaunchException {
        List<Bundle> bundles = new ArrayList<>();
        for (Path file : files) {
            try {
                bundles.add(context.installBundle("reference:" + file.toUri()));
            } catch (BundleException e) {
                throw new LaunchException("cannot install " + file.getFileName() + ": " + e.getMessage(), e);
            }
        }
        return new CoreBundles(List.copyOf(bundles));
    }

    /** Starts all, or none: a bundle that does not resolve is named with what it misses. */
    void start(BundleContext context) throws LaunchException {
        context.getBundle().adapt(FrameworkWiring.class).resolveBundles(bundles);
        List<Bundle> unresolved = bundles.stream()
                .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
                .toList();
        if (!unresolved.isEmpty()) {
            List<String> reasons = unresolved.stream().map(CoreBundles::reason).toList();
            throw new LaunchException("not every bundle resolves\n  " + String.join("\n  ", reasons));
        }
        for (Bundle bundle : bundles) {
            if (!isFragment(bundle)) {
                start(bundle);
            }
        }
    }

    private static void start(Bundle bundle) throws LaunchException {
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new LaunchException("bundle " + name(bundle) + " does not start: " + cause, e);
        }
    }

    /** The framework says what is missing only when it is asked to start the bundle. */
    private static String reason(Bundle bundle) {
        if (isFragment(bundle)) {
            return "bundle " + name(bundle) + ": no host for this fragment";
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "bundle " + name(bundle) + ": resolves alone, but not with the others";
        } catch (BundleException e) {
            return "bundle " + name(bundle) + ": " + shorter(e.getMessage());
        }
    }

    /** Without the framework's numbers, and without saying the requirement twice. */
    private static String shorter(String message) {
        return message.replaceFirst(" Unresolved requirements: .*", "").replaceAll(" ?\\[\\d+]\\(R [0-9.]+\\)", "");
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
