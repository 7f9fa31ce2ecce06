package io.openedge.engine.osgi.packages;

import io.openedge.module.Module;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * Keeps the services of packages apart: what a package's bundle registers is seen by the bundles of that package, and its
 * modules by the engine. Thread rule: the framework's; keeps no state.
 */
final class ServiceHook implements FindHook, EventListenerHook {
    private final Bundle engine;
    private final Regions regions;

    ServiceHook(Bundle engine, Regions regions) {
        this.engine = engine;
        this.regions = regions;
    }

    @Override
    public void find(
            BundleContext context,
            @Nullable String name,
            @Nullable String filter,
            boolean all,
            Collection<ServiceReference<?>> references) {
        references.removeIf(reference -> isHidden(reference, context));
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        listeners.keySet().removeIf(listener -> isHidden(event.getServiceReference(), listener));
    }

    private boolean isHidden(ServiceReference<?> reference, BundleContext from) {
        Optional<Region> region = regions.of(reference.getBundle());
        return region.isPresent()
                && !region.equals(regions.of(from.getBundle()))
                && !(from.getBundle().equals(engine) && isModule(reference));
    }

    private static boolean isModule(ServiceReference<?> reference) {
        return reference.getProperty(Constants.OBJECTCLASS) instanceof String[] names
                && Arrays.asList(names).contains(Module.class.getName());
    }
}
