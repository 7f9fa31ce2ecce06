package io.openedge.engine.osgi.packages;

import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.directory.PackageFile;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packages that services bring in their volumes: kept in WORKDIR/var/lib/openedge/packages, installed apart from the
 * gateway and from each other, swapped and removed. Thread rule: any thread, for different services at the same time.
 */
public final class Packages implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Packages.class);

    private final BundleContext context;
    private final PackageStore store;
    private final Regions regions;
    private final Queue<ServiceRegistration<?>> hooks = new ConcurrentLinkedQueue<>();
    private final Map<String, ServicePackages> services = new ConcurrentHashMap<>();

    /**
     * @param context of the engine's bundle
     * @param workDirectory absolute
     */
    public Packages(BundleContext context, Path workDirectory) {
        Path folder = workDirectory.resolve("var/lib/openedge/packages");
        this.context = context;
        this.store = new PackageStore(folder);
        this.regions = new Regions(folder);
        WiringHook wiring = new WiringHook(context.getBundle(), regions);
        ServiceHook visibility = new ServiceHook(context.getBundle(), regions);
        hooks.add(context.registerService(
                new String[] {ResolverHookFactory.class.getName(), CollisionHook.class.getName()}, wiring, null));
        hooks.add(context.registerService(
                new String[] {FindHook.class.getName(), EventListenerHook.class.getName()}, visibility, null));
        removeLeftovers();
    }

    /** Tells which bundles belong to packages. */
    public Regions regions() {
        return regions;
    }

    /**
     * Installs and resolves the package of a service beside all that runs; without effect when it is there or has none.
     *
     * @param progress hears a sentence now and then
     * @throws EngineException when a bundle cannot be installed or does not resolve; nothing has changed then
     */
    public void prepare(ServiceSpec service, Volumes volumes, Consumer<String> progress)
            throws EngineException, InterruptedException {
        Optional<PackageContent> content = content(service, volumes, LOG::debug);
        if (content.isPresent()) {
            progress.accept("installing its package");
            try {
                of(service).prepare(content.get());
            } catch (EngineException e) {
                throw named(service, e);
            }
        }
    }

    /**
     * Whether {@link #prepare} would succeed: installs and resolves the package on trial and takes it away again.
     *
     * @return whether the service has a package
     * @throws EngineException when a bundle cannot be installed or does not resolve
     */
    public boolean check(ServiceSpec service, Volumes volumes) throws EngineException, InterruptedException {
        Optional<PackageContent> content = content(service, volumes, LOG::debug);
        if (content.isPresent()) {
            try {
                of(service).check(content.get());
            } catch (EngineException e) {
                throw named(service, e);
            }
        }
        return content.isPresent();
    }

    /**
     * Starts the bundles of a service's package.
     *
     * @return where its module is offered; empty when the module is one of the gateway
     * @throws EngineException when that is not possible; none of its bundles is active then
     */
    public Optional<Region> open(ServiceSpec service, Volumes volumes) throws EngineException {
        Optional<PackageContent> content = content(service, volumes, LOG::warn);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(service).open(content.get()));
        } catch (EngineException e) {
            throw named(service, e);
        }
    }

    /** Stops the bundles of a service's package. */
    public void close(String service) {
        Optional.ofNullable(services.get(service)).ifPresent(ServicePackages::close);
    }

    /** As {@link io.openedge.engine.Engine#retain}. */
    public void retain(Set<String> names) {
        Set<String> all = new HashSet<>(services.keySet());
        try {
            all.addAll(store.services());
        } catch (IOException e) {
            LOG.warn("older packages stay: {}", e.toString());
        }
        for (String service : all) {
            ServicePackages packages = of(service);
            if (names.contains(service)) {
                packages.retain();
            } else {
                packages.forget();
            }
        }
    }

    private static Optional<PackageContent> content(ServiceSpec service, Volumes volumes, Consumer<String> warnings)
            throws EngineException {
        Optional<PackageFile> file = PackageFile.find(service, volumes);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<String> bundles = file.get()
                    .read(warning -> warnings.accept(warning.message()))
                    .bundles();
            if (bundles.isEmpty()) {
                warnings.accept("service " + service.name() + ": the package "
                        + file.get().folder() + " has no bundles and is passed over; a module of the gateway is used");
                return Optional.empty();
            }
            return Optional.of(PackageContent.of(file.get(), bundles));
        } catch (ConfigException | EngineException e) {
            throw named(service, e);
        }
    }

    private static EngineException named(ServiceSpec service, Exception e) {
        return new EngineException("service '" + service.name() + "': " + e.getMessage(), e);
    }

    private ServicePackages of(ServiceSpec service) {
        return of(service.name());
    }

    private ServicePackages of(String service) {
        return services.computeIfAbsent(service, name -> new ServicePackages(name, context, store));
    }

    /** Of an engine that ended badly. */
    private void removeLeftovers() {
        for (Bundle bundle : context.getBundles()) {
            if (regions.of(bundle).isPresent()) {
                try {
                    bundle.uninstall();
                } catch (BundleException e) {
                    LOG.warn("the bundle {} cannot be uninstalled: {}", bundle, e.toString());
                }
            }
        }
    }

    /** Uninstalls all packages; all instances have ended. Idempotent. */
    @Override
    public void close() {
        services.values().forEach(ServicePackages::uninstall);
        for (ServiceRegistration<?> hook = hooks.poll(); hook != null; hook = hooks.poll()) {
            try {
                hook.unregister();
            } catch (IllegalStateException stopped) {
                LOG.debug("the framework was faster", stopped);
            }
        }
    }
}
