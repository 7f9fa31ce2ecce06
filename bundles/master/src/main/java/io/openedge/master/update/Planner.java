package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Action;
import io.openedge.system.UpdatePlan.Step;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What has to happen so that one application becomes another: a service whose entry, volumes and contents are the same is
 * not touched. Pure: no files, no clock. Immutable; any thread.
 *
 * @param mode the engine of services that name none
 */
public record Planner(String mode) {
    private static final Path PACKAGES = Path.of("lib/openedge");
    private static final String IN_FRAMEWORK = "osgi";

    /**
     * The plan: stops in reverse order of their starts, then the new application in its order.
     *
     * @param coming the volumes whose folder is replaced by one with content: who mounts it would not see that
     */
    public UpdatePlan plan(Deployment from, Deployment to, Set<String> coming) {
        Map<String, ServiceSpec> before = byName(from.application());
        Map<String, ServiceSpec> after = byName(to.application());
        List<Step> stops = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (ServiceSpec old : before.values()) {
            if (!after.containsKey(old.name())) {
                stops.add(new Step(old.name(), Action.STOP, "not in the new application"));
            }
        }
        for (ServiceSpec service : after.values()) {
            ServiceSpec old = before.get(service.name());
            if (old == null) {
                steps.add(new Step(service.name(), Action.START, "new"));
            } else {
                addChange(new Change(old, from, service, to), coming, stops, steps);
            }
        }
        Collections.reverse(stops);
        stops.addAll(steps);
        return new UpdatePlan(from.application().version(), to.application().version(), stops);
    }

    /** The volumes that a service has in both and whose content changed where it is. */
    Set<String> changedInPlace(Deployment from, Deployment to) {
        Map<String, ServiceSpec> before = byName(from.application());
        Set<String> changed = new LinkedHashSet<>();
        for (ServiceSpec service : to.application().services()) {
            ServiceSpec old = before.get(service.name());
            if (old != null) {
                Change change = new Change(old, from, service, to);
                service.mounts().stream().filter(change::hasOtherContent).forEach(mount -> changed.add(mount.name()));
            }
        }
        return changed;
    }

    private void addChange(Change change, Set<String> coming, List<Step> stops, List<Step> steps) {
        String name = change.after.name();
        Set<String> entry = change.entry();
        Map<MountSpec, String> volumes = change.volumes(coming);
        List<String> all = new ArrayList<>(entry);
        all.addAll(new LinkedHashSet<>(volumes.values()));
        String reason = String.join("; ", all);
        if (all.isEmpty()) {
            steps.add(new Step(name, Action.KEEP, "unchanged"));
        } else if (entry.isEmpty()
                && change.after.engineIn(mode).equals(IN_FRAMEWORK)
                && volumes.keySet().stream()
                        .allMatch(mount -> Deployments.place(mount).startsWith(PACKAGES))) {
            steps.add(new Step(name, Action.SWAP, reason));
        } else {
            stops.add(new Step(name, Action.STOP, reason));
            steps.add(new Step(name, Action.START, reason));
        }
    }

    private static Map<String, ServiceSpec> byName(AppConfig application) {
        Map<String, ServiceSpec> services = new LinkedHashMap<>();
        application.services().forEach(service -> services.put(service.name(), service));
        return services;
    }

    /** A service that is in both applications. */
    private record Change(ServiceSpec before, Deployment from, ServiceSpec after, Deployment to) {
        /** The keys of its entry that say something else now. */
        Set<String> entry() {
            Set<String> keys = new LinkedHashSet<>();
            for (RecordComponent component : ServiceSpec.class.getRecordComponents()) {
                Object old = value(component, before);
                if (!old.equals(value(component, after))) {
                    String key = component.getName().toLowerCase(Locale.ROOT);
                    keys.add(
                            component.getType() == String.class || component.getType() == int.class
                                    ? key + ": " + shown(old) + " -> " + shown(value(component, after))
                                    : key + " changed");
                }
            }
            return keys;
        }

        /** Why a mount brings something else than before. */
        Map<MountSpec, String> volumes(Set<String> coming) {
            Map<MountSpec, String> reasons = new LinkedHashMap<>();
            for (MountSpec mount : after.mounts()) {
                VolumeSpec old = volume(from.application(), mount.name());
                VolumeSpec now = volume(to.application(), mount.name());
                if (old == null || now == null) {
                    continue; // its mounts changed: that is said of the entry
                }
                String volume = "volume '" + mount.name() + "': ";
                if (!old.path().equals(now.path())) {
                    reasons.put(mount, volume + "path " + old.path() + " -> " + now.path());
                } else if (!old.meta().equals(now.meta())) {
                    reasons.put(mount, volume + meta(old.meta(), now.meta()));
                } else if (coming.contains(mount.name())
                        || !content(from, mount).equals(content(to, mount))) {
                    reasons.put(mount, "content of " + mount.path() + " (volume '" + mount.name() + "') changed");
                }
            }
            return reasons;
        }

        /** At the same path. */
        boolean hasOtherContent(MountSpec mount) {
            VolumeSpec old = volume(from.application(), mount.name());
            VolumeSpec now = volume(to.application(), mount.name());
            return old != null
                    && now != null
                    && old.path().equals(now.path())
                    && !content(from, mount).isEmpty()
                    && !content(from, mount).equals(content(to, mount));
        }

        private static String meta(VolumeSpec.Meta old, VolumeSpec.Meta now) {
            return old.version().equals(now.version())
                    ? "meta changed"
                    : "version " + shown(old.version()) + " -> " + shown(now.version());
        }

        private String content(Deployment deployment, MountSpec mount) {
            return deployment.contents().getOrDefault(after.name(), Map.of()).getOrDefault(mount.path(), "");
        }

        private static VolumeSpec volume(AppConfig application, String name) {
            return application.volumes().stream()
                    .filter(volume -> volume.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }

        private static String shown(Object value) {
            return "".equals(value) ? "none" : String.valueOf(value);
        }

        private static Object value(RecordComponent component, ServiceSpec service) {
            try {
                return component.getAccessor().invoke(service);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record of the vocabulary is not readable: " + component, e);
            }
        }
    }
}
