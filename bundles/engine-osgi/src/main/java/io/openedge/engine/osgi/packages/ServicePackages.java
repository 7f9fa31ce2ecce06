package io.openedge.engine.osgi.packages;

import io.openedge.engine.EngineException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packages of one service: several versions of it side by side, at most one of them at work.
 *
 * <p>Thread rule: any thread; one at a time has its turn. Bundles start and stop during a turn: one that hangs holds up
 * nothing but its own service.
 */
final class ServicePackages {
    private static final Logger LOG = LoggerFactory.getLogger(ServicePackages.class);

    private final String service;
    private final BundleContext context;
    private final PackageStore store;
    private final Semaphore turn = new Semaphore(1);

    // only during a turn
    private final Map<String, InstalledPackage> installed = new HashMap<>();
    private Optional<InstalledPackage> open = Optional.empty();
    private Optional<String> counted = Optional.empty();
    private Optional<String> before = Optional.empty();

    ServicePackages(String service, BundleContext context, PackageStore store) {
        this.service = service;
        this.context = context;
        this.store = store;
    }

    /** Installs a package and resolves it, beside what is there. */
    void prepare(PackageContent content) throws EngineException, InterruptedException {
        turn.acquire();
        try {
            installed(content);
        } finally {
            turn.release();
        }
    }

    /** As {@link #prepare}, but nothing is left of what was not there before. */
    void check(PackageContent content) throws EngineException, InterruptedException {
        turn.acquire();
        try {
            String digest = content.digest();
            InstalledPackage known = installed.get(digest);
            if (known != null && known.isComplete()) {
                return;
            }
            boolean kept = store.has(service, digest);
            try {
                InstalledPackage.install(context, store.keep(service, digest, content))
                        .uninstall();
            } finally {
                if (!kept) {
                    store.remove(service, digest);
                }
            }
        } catch (IOException e) {
            throw new EngineException("the package " + content.file().folder() + " cannot be kept: " + e, e);
        } finally {
            turn.release();
        }
    }

    /** Starts the bundles of a package. */
    Region open(PackageContent content) throws EngineException {
        turn.acquireUninterruptibly();
        try {
            InstalledPackage one = installed(content);
            one.start();
            open = Optional.of(one);
            LOG.info("service {}: its package brings {}", service, one);
            return one.region();
        } finally {
            turn.release();
        }
    }

    private InstalledPackage installed(PackageContent content) throws EngineException {
        try {
            String digest = content.digest();
            InstalledPackage known = installed.get(digest);
            if (known != null && known.isComplete()) {
                return known;
            }
            InstalledPackage fresh = InstalledPackage.install(context, store.keep(service, digest, content));
            installed.put(digest, fresh);
            return fresh;
        } catch (IOException e) {
            throw new EngineException("the package " + content.file().folder() + " cannot be kept: " + e, e);
        }
    }

    /** Stops the bundles that were opened; they stay installed, so that they can be put back. */
    void close() {
        turn.acquireUninterruptibly();
        try {
            open.ifPresent(InstalledPackage::stop);
            open = Optional.empty();
        } finally {
            turn.release();
        }
    }

    /** What is open counts; what was open when this was called before stays on the disk. Does nothing during a turn. */
    void retain() {
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            Optional<String> now = open.map(one -> one.region().digest());
            if (now.isPresent() && !now.equals(counted)) {
                before = counted;
                counted = now;
            }
            uninstallBut(now);
            if (before.isPresent()) { // until then what the disk has may be the previous one
                Set<String> named = new HashSet<>();
                counted.ifPresent(named::add);
                before.ifPresent(named::add);
                remove(named);
            }
        } finally {
            turn.release();
        }
    }

    /** The service is in no application any more; if it is not open, all goes that is kept of it. */
    void forget() {
        if (!turn.tryAcquire()) {
            return;
        }
        try {
            if (open.isEmpty()) {
                uninstallBut(Optional.empty());
                remove(Set.of());
            }
        } finally {
            turn.release();
        }
    }

    private void uninstallBut(Optional<String> digest) {
        installed.entrySet().removeIf(one -> {
            boolean unused = digest.filter(one.getKey()::equals).isEmpty();
            if (unused) {
                one.getValue().uninstall();
            }
            return unused;
        });
    }

    private void remove(Set<String> digestsNot) {
        try {
            store.removeBut(service, digestsNot);
        } catch (IOException e) {
            LOG.warn("service {}: older packages stay: {}", service, e.toString());
        }
    }

    /** The engine ends. */
    void uninstall() {
        turn.acquireUninterruptibly();
        try {
            open = Optional.empty();
            uninstallBut(Optional.empty());
        } finally {
            turn.release();
        }
    }
}
