package io.openedge.engine.osgi;

import io.openedge.engine.osgi.packages.Region;
import io.openedge.engine.osgi.packages.Regions;
import io.openedge.module.Module;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * The modules that bundles offer, and the runs that wait for one or use one. It only looks at references; a module is
 * got on the thread of the instance that uses it.
 *
 * <p>Thread rule: any thread. The framework's callbacks start threads and return; when a module goes away, the callback
 * waits until its instances are closed, at most their grace, so that nothing of its bundle is in use afterwards.
 */
final class ModuleOffers implements ServiceTrackerCustomizer<Module, ServiceReference<Module>> {
    private final BundleContext bundles;
    private final ServiceTracker<Module, ServiceReference<Module>> tracker;
    private final Map<ServiceReference<Module>, Offer> offers = new ConcurrentHashMap<>();
    private final Set<OsgiInstance> runs = ConcurrentHashMap.newKeySet();
    private final Regions regions;
    private volatile boolean closed;

    ModuleOffers(BundleContext bundles, Regions regions) {
        this.bundles = bundles;
        this.regions = regions;
        this.tracker = new ServiceTracker<>(bundles, filter(), this);
    }

    private static Filter filter() {
        try {
            return FrameworkUtil.createFilter(
                    "(&(" + Constants.OBJECTCLASS + "=" + Module.class.getName() + ")(" + Module.IMAGE + "=*))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void open() {
        tracker.open();
    }

    /** Ends all runs and waits for them, at most their grace. */
    void close(String reason) {
        closed = true;
        List<OsgiInstance> left = List.copyOf(runs);
        left.forEach(run -> run.gone(reason));
        left.forEach(OsgiInstance::awaitOver);
        tracker.close();
    }

    /** Gives the run a module, now or when there is one. */
    void add(OsgiInstance run) {
        runs.add(run);
        if (closed) {
            run.failed("the engine osgi has stopped"); // a failure: whoever tries again backs off
            return;
        }
        find(run.wanted()).ifPresent(run::offer);
    }

    void remove(OsgiInstance run) {
        runs.remove(run);
    }

    boolean has(ServiceReference<Module> reference) {
        return offers.containsKey(reference);
    }

    /** Whether somebody offers it now. */
    boolean has(WantedModule wanted) {
        return find(wanted).isPresent();
    }

    Optional<Module> get(ServiceReference<Module> reference) {
        return Optional.ofNullable(bundles.getService(reference));
    }

    void unget(ServiceReference<Module> reference) {
        bundles.ungetService(reference);
    }

    /** The one with the highest ranking, as everywhere in the framework. */
    private Optional<ServiceReference<Module>> find(WantedModule module) {
        return offers.entrySet().stream()
                .filter(offer -> offer.getValue().fits(module))
                .map(Map.Entry::getKey)
                .max(ServiceReference::compareTo);
    }

    @Override
    public ServiceReference<Module> addingService(ServiceReference<Module> reference) {
        offer(reference);
        return reference;
    }

    @Override
    public void modifiedService(ServiceReference<Module> reference, ServiceReference<Module> same) {
        offer(reference);
    }

    private void offer(ServiceReference<Module> reference) {
        Offer offer = new Offer(modules(reference.getProperty(Module.IMAGE)), regions.of(reference.getBundle()));
        offers.put(reference, offer);
        runs.stream().filter(run -> offer.fits(run.wanted())).forEach(run -> run.offer(reference));
    }

    @Override
    public void removedService(ServiceReference<Module> reference, ServiceReference<Module> same) {
        offers.remove(reference);
        List<OsgiInstance> users =
                runs.stream().filter(run -> run.uses(reference)).toList();
        String reason = "module '%s': " + describe(reference);
        users.forEach(
                run -> run.gone(String.format(Locale.ROOT, reason, run.wanted().name())));
        users.forEach(OsgiInstance::awaitOver);
    }

    private static String describe(ServiceReference<Module> reference) {
        Optional<Bundle> bundle = Optional.ofNullable(reference.getBundle());
        String name =
                bundle.map(b -> b.getSymbolicName() + " " + b.getVersion()).orElse("");
        boolean active = bundle.filter(b -> b.getState() == Bundle.ACTIVE).isPresent();
        return "the bundle " + name + (active ? " took it back" : " is stopped or being updated");
    }

    private static Set<String> modules(Object property) {
        Stream<?> values = property instanceof Collection<?> all
                ? all.stream()
                : property instanceof Object[] array ? Stream.of(array) : Stream.of(property);
        return Set.copyOf(values.map(String::valueOf).toList());
    }

    /**
     * What a reference offers.
     *
     * @param modules names
     * @param region of the bundle; a package's module is for its own service only, and that service takes no other
     */
    private record Offer(Set<String> modules, Optional<Region> region) {
        boolean fits(WantedModule wanted) {
            return region.equals(wanted.region()) && modules.contains(wanted.name());
        }
    }
}
