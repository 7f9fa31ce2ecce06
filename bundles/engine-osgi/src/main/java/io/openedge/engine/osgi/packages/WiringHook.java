package io.openedge.engine.osgi.packages;

import io.openedge.module.Module;
import java.util.Collection;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps the wires of packages apart: what a package exports is for its own bundles only. They take from it what the
 * package has itself, the rest from the gateway; the packages in which gateway and module meet always come from the
 * gateway. Thread rule: the framework's; keeps no state.
 */
final class WiringHook implements ResolverHookFactory, ResolverHook, CollisionHook {
    private final Bundle engine;
    private final Regions regions;
    private final Optional<Bundle> api = Optional.ofNullable(FrameworkUtil.getBundle(Module.class));

    /** @param engine the bundle that installs packages */
    WiringHook(Bundle engine, Regions regions) {
        this.engine = engine;
        this.regions = regions;
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        Optional<Region> mine = regions.of(requirement.getRevision().getBundle());
        candidates.removeIf(candidate -> isOfOthers(candidate, mine));
        if (mine.isEmpty()) {
            return;
        }
        if (HostNamespace.HOST_NAMESPACE.equals(requirement.getNamespace())) {
            candidates.removeIf(candidate -> region(candidate).isEmpty()); // a fragment changes its host
        } else if (candidates.stream().anyMatch(this::isShared)) {
            candidates.removeIf(candidate -> region(candidate).isPresent());
        } else if (candidates.stream().anyMatch(candidate -> region(candidate).isPresent())) {
            candidates.removeIf(candidate -> region(candidate).isEmpty());
        }
    }

    private boolean isOfOthers(BundleCapability capability, Optional<Region> mine) {
        Optional<Region> theirs = region(capability);
        return theirs.isPresent() && !theirs.equals(mine);
    }

    /** Of the vocabulary, the framework, or the OSGi services: classes that both sides must have in common. */
    private boolean isShared(BundleCapability capability) {
        Bundle provider = capability.getRevision().getBundle();
        Object name = capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE);
        return region(capability).isEmpty()
                && (provider.getBundleId() == 0
                        || api.filter(provider::equals).isPresent()
                        || name instanceof String exported && exported.startsWith("org.osgi."));
    }

    private Optional<Region> region(BundleCapability capability) {
        return regions.of(capability.getRevision().getBundle());
    }

    /** One that is a singleton is so in its region. */
    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
        Optional<Region> mine = region(singleton);
        collisions.removeIf(other -> !region(other).equals(mine));
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // all of them may resolve
    }

    @Override
    public void end() {
        // nothing was kept
    }

    /** Bundles of packages may have name and version of others; the store has each of them once in its region. */
    @Override
    public void filterCollisions(int operation, Bundle target, Collection<Bundle> collisions) {
        if (operation == INSTALLING && target.equals(engine)) {
            collisions.clear();
        } else {
            Optional<Region> mine = operation == UPDATING ? regions.of(target) : Optional.empty();
            collisions.removeIf(other -> !regions.of(other).equals(mine));
        }
    }
}
