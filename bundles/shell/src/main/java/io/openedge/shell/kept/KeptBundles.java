package io.openedge.shell.kept;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles that an operator installed: the framework forgets all bundles at each start, so a copy of each is kept with
 * whether it is to run, and the next start installs it again.
 *
 * <p>Thread rule: any thread. The list names a copy that is there at any moment, so that a power cut leaves a bundle as it
 * was or as it was to be. The framework is not called under the lock of the list.
 */
public final class KeptBundles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptBundles.class);

    private final BundleContext context;
    private final KeptFiles files;
    private final List<KeptBundle> kept = new ArrayList<>(); // guarded by this
    private final Set<Bundle> waiting = ConcurrentHashMap.newKeySet(); // they are to run, and something is missing
    private final BundleListener retry = this::bundleChanged;

    /** @param folder of copies and list; made when something is kept */
    public KeptBundles(BundleContext context, Path folder) {
        this.context = context;
        this.files = new KeptFiles(folder);
    }

    /** Installs and starts what the list names. What does not work is logged and stays in the list. */
    public void restore() {
        List<Bundle> toRun = new ArrayList<>();
        for (KeptBundle one : load()) {
            try (InputStream content = files.open(one.file())) {
                Bundle bundle = context.installBundle(one.location(), content);
                if (one.started()) {
                    toRun.add(bundle);
                }
            } catch (IOException | BundleException e) {
                LOG.error("bundle {}, installed from the shell, is not there: {}", one.location(), e.toString());
            }
        }
        context.addBundleListener(retry);
        for (Bundle bundle : toRun) {
            try {
                bundle.start();
            } catch (BundleException e) {
                LOG.warn("bundle {}, installed from the shell, waits: {}", bundle.getLocation(), e.getMessage());
                waiting.add(bundle);
            }
        }
    }

    private synchronized List<KeptBundle> load() {
        try {
            kept.addAll(files.read());
            files.sweep(kept);
        } catch (IOException e) {
            LOG.error("bundles that were installed from the shell are not there: {}", e.toString());
        }
        return List.copyOf(kept);
    }

    /** Installs a bundle and keeps it. */
    public Bundle install(String location, InputStream content) throws IOException, BundleException {
        String file = files.copy(content);
        Bundle bundle;
        try (InputStream copy = files.open(file)) {
            bundle = context.installBundle(location, copy);
        } catch (BundleException | IOException | RuntimeException e) {
            files.remove(file);
            throw e;
        }
        replace(location, Optional.of(new KeptBundle(location, file, false)));
        return bundle;
    }

    /** Puts another content in a bundle's place; a kept bundle comes back with it. */
    public void update(Bundle bundle, InputStream content) throws IOException, BundleException {
        String location = bundle.getLocation();
        String file = files.copy(content);
        try (InputStream copy = files.open(file)) {
            bundle.update(copy);
        } catch (BundleException | IOException | RuntimeException e) {
            files.remove(file);
            throw e;
        }
        Optional<KeptBundle> before = find(location);
        if (before.isPresent()) {
            replace(location, Optional.of(before.get().withFile(file)));
        } else {
            files.remove(file);
        }
    }

    /** Says whether a bundle is to run after the next start; without effect for one that is not kept. */
    public void started(Bundle bundle, boolean started) throws IOException {
        waiting.remove(bundle);
        Optional<KeptBundle> before = find(bundle.getLocation());
        if (before.isPresent() && before.get().started() != started) {
            replace(bundle.getLocation(), Optional.of(before.get().withStarted(started)));
        }
    }

    /** Uninstalls a bundle and keeps it no longer. */
    public void uninstall(Bundle bundle) throws IOException, BundleException {
        waiting.remove(bundle);
        bundle.uninstall();
        replace(bundle.getLocation(), Optional.empty());
    }

    /** What is kept of that location. */
    public synchronized Optional<KeptBundle> find(String location) {
        return kept.stream().filter(one -> one.location().equals(location)).findFirst();
    }

    /** What is kept, in the order of the installation. */
    public synchronized List<KeptBundle> all() {
        return List.copyOf(kept);
    }

    @Override
    public void close() {
        context.removeBundleListener(retry);
    }

    private synchronized void replace(String location, Optional<KeptBundle> now) throws IOException {
        Optional<KeptBundle> before = find(location);
        List<KeptBundle> changed = new ArrayList<>(kept);
        before.ifPresentOrElse(
                old -> now.ifPresentOrElse(
                        other -> changed.set(changed.indexOf(old), other), () -> changed.remove(old)),
                () -> now.ifPresent(changed::add));
        if (changed.equals(kept)) {
            return;
        }
        files.write(changed);
        kept.clear();
        kept.addAll(changed);
        if (before.isPresent() && !before.map(KeptBundle::file).equals(now.map(KeptBundle::file))) {
            files.remove(before.get().file());
        }
    }

    /** Another bundle runs: it may have brought what one lacked. */
    private void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.STARTED) {
            return;
        }
        for (Bundle bundle : waiting) {
            try {
                bundle.start();
                waiting.remove(bundle);
            } catch (BundleException e) {
                LOG.debug("bundle {} still waits", bundle.getLocation(), e);
            }
        }
    }
}
