package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import io.openedge.master.app.ServicePlans;
import io.openedge.master.supervise.Engines;
import io.openedge.master.supervise.ServiceChange;
import io.openedge.master.supervise.ServiceLook;
import io.openedge.master.supervise.Supervisor;
import io.openedge.system.InstanceStatus;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an update does to engines and services. Any thread. */
final class Changer {
    private static final Logger LOG = LoggerFactory.getLogger(Changer.class);
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private final Supervisor supervisor;
    private final Engines engines;
    private final ServicePlans plans;
    private final Function<String, Optional<String>> unavailable;

    /** @param unavailable why an engine cannot be had in this installation; empty: it is there or will come */
    Changer(
            Supervisor supervisor,
            Engines engines,
            ServicePlans plans,
            Function<String, Optional<String>> unavailable) {
        this.supervisor = supervisor;
        this.engines = engines;
        this.plans = plans;
        this.unavailable = unavailable;
    }

    /** The names of services with which one of these things happens. */
    static Set<String> named(UpdatePlan plan, Action one, Action other) {
        return plan.steps().stream()
                .filter(step -> step.action() == one || step.action() == other)
                .map(UpdatePlan.Step::service)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Set<String> stopped(UpdatePlan plan) {
        return named(plan, Action.STOP, Action.SWAP);
    }

    static Set<String> started(UpdatePlan plan) {
        return named(plan, Action.START, Action.SWAP);
    }

    /** The engines that services need and that are not there now. */
    Set<String> missingEngines(AppConfig application, Set<String> services) {
        Set<String> missing = new LinkedHashSet<>();
        for (ServiceSpec service : specs(application, services)) {
            String engine = service.engineIn(plans.mode());
            if (!engines.has(engine)) {
                missing.add(engine);
            }
        }
        return missing;
    }

    /** The engine of a service of an application. */
    String engine(AppConfig application, String service) {
        return specs(application, Set.of(service)).get(0).engineIn(plans.mode());
    }

    /**
     * What speaks against services, by name. Gets and changes nothing; reacts to an interrupt.
     *
     * @param services whose engines are there
     * @param coming folders whose content will be put in place, by volume
     * @param brought modules that features of the installation bring
     */
    Map<String, String> check(
            AppConfig application, Set<String> services, Map<String, Path> coming, Set<String> brought)
            throws InterruptedException {
        Map<String, String> failures = new HashMap<>();
        for (Map.Entry<String, List<ServiceSpec>> part :
                byEngine(application, services).entrySet()) {
            List<ServiceSpec> usable = new ArrayList<>();
            Volumes volumes = expected(application, part.getValue(), coming, usable, failures);
            Optional<Engine> engine = Optional.ofNullable(engines.byName().get(part.getKey()));
            if (engine.isEmpty()) {
                usable.forEach(service -> failures.put(service.name(), named(service.name(), "its engine went away")));
            } else if (!usable.isEmpty()) {
                engine.get()
                        .check(usable, volumes, brought)
                        .forEach((name, failure) ->
                                failures.put(name, named(name, String.valueOf(failure.getMessage()))));
            }
        }
        return failures;
    }

    /** @param usable gets the services whose folders can be had; of the others it is said why */
    private Volumes expected(
            AppConfig application,
            List<ServiceSpec> services,
            Map<String, Path> coming,
            List<ServiceSpec> usable,
            Map<String, String> failures) {
        Map<String, Path> folders = new HashMap<>();
        Set<String> alone = new HashSet<>();
        for (ServiceSpec service : services) {
            try {
                Volumes own = plans.expected(application, service, coming);
                folders.putAll(own.directories());
                alone.addAll(own.alone());
                usable.add(service);
            } catch (EngineException e) {
                failures.put(service.name(), named(service.name(), String.valueOf(e.getMessage())));
            }
        }
        return new Volumes(plans.workDirectory(), folders, alone);
    }

    private Map<String, List<ServiceSpec>> byEngine(AppConfig application, Set<String> services) {
        return specs(application, services).stream()
                .collect(Collectors.groupingBy(
                        service -> service.engineIn(plans.mode()), LinkedHashMap::new, Collectors.toList()));
    }

    /**
     * Lets the engines get what services need; may take long, reacts to an interrupt.
     *
     * @param progress hears a sentence now and then
     * @throws Refused names every service that cannot be had, and why
     */
    void prepare(AppConfig application, Set<String> services, Consumer<String> progress)
            throws Refused, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, List<ServiceSpec>> part :
                byEngine(application, services).entrySet()) {
            Engine engine = engines.byName().get(part.getKey());
            if (engine == null) {
                failures.add("engine '" + part.getKey() + "' is not there");
                continue;
            }
            engine.prepare(
                            part.getValue(),
                            volumes(application, part.getValue()),
                            (service, what) -> progress.accept("preparing " + service + ": " + what))
                    .forEach((service, failure) -> failures.add(named(service, String.valueOf(failure.getMessage()))));
        }
        if (!failures.isEmpty()) {
            throw new Refused(String.join("\n", failures));
        }
    }

    private Volumes volumes(AppConfig application, List<ServiceSpec> services) throws Refused {
        Map<String, Path> folders = new HashMap<>();
        for (ServiceSpec service : services) {
            try {
                folders.putAll(plans.volumes(application, service).directories());
            } catch (EngineException e) {
                throw new Refused(named(service.name(), String.valueOf(e.getMessage())));
            }
        }
        return new Volumes(plans.workDirectory(), folders);
    }

    private static String named(String service, String failure) {
        String name = "service '" + service + "'";
        return failure.startsWith(name) ? failure : name + ": " + failure;
    }

    /** Those of the services of which an instance says that it is busy. */
    Set<String> busy(Set<String> services) {
        return services.stream()
                .filter(name -> supervisor.look(name).stream()
                        .flatMap(look -> look.instances().stream())
                        .anyMatch(Changer::isBusy))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isBusy(InstanceStatus instance) {
        return instance.reported().get("openedge") instanceof Map<?, ?> said && Boolean.TRUE.equals(said.get("busy"));
    }

    /** Ends services and starts others of an application; completes when all had their turn. */
    CompletableFuture<Void> change(Set<String> stop, AppConfig application, Set<String> start) {
        List<String> order =
                application.services().stream().map(ServiceSpec::name).toList();
        return supervisor.change(new ServiceChange(
                stop, plans.grace().plus(CLOSE), () -> plans.of(application, start), order, unavailable));
    }

    /** Those of the services whose instances all run. */
    Set<String> running(Set<String> services) {
        return services.stream()
                .filter(name -> supervisor.look(name).filter(Changer::runs).isPresent())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean runs(ServiceLook look) {
        return look.open() && look.runs().size() == look.instances().size();
    }

    /** What is open now counts; engines may throw away what is older. */
    void retain(Set<String> services) {
        engines.byName().forEach((name, engine) -> {
            try {
                engine.retain(services);
            } catch (RuntimeException e) {
                LOG.error("engine '{}' could not throw away what is old", name, e);
            }
        });
    }

    static List<ServiceSpec> specs(AppConfig application, Set<String> names) {
        return application.services().stream()
                .filter(service -> names.contains(service.name()))
                .toList();
    }
}
