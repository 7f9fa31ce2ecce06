package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.Problem;
import io.openedge.config.trust.SignedManifest;
import io.openedge.config.trust.SignedSet;
import io.openedge.config.trust.UntrustedException;
import io.openedge.master.feature.FeatureException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.UpdatePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Looks at an application before anything that runs is touched: reads it, plans, and asks the host and the engines whether
 * it can run here. All that is wrong is said at once. An update and its dry run do the same. One use.
 *
 * @param parts what it works with
 * @param request who asks for what; the look ends when it is given up
 * @param says hears what is being done
 */
record Review(Parts parts, Request request, Consumer<String> says) {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration ENGINE = Duration.ofSeconds(10);

    /**
     * An application that can run here. To be closed.
     *
     * @param set it came as
     * @param deployment what it is
     * @param plan how it gets there
     * @param manifest of the set, when it must have one
     */
    record Outcome(ApplicationSet set, Deployment deployment, UpdatePlan plan, Optional<SignedManifest> manifest)
            implements AutoCloseable {
        @Override
        public void close() {
            set.close();
        }
    }

    /** Only whether the set may come in. */
    void admit() throws Refused {
        try (ApplicationSet set = parts.sets().open(request.path(), request.operator())) {
            admitted(set, parts.deployments().wanted(set, warning -> {}), warning -> {});
        } catch (ConfigException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private Optional<SignedManifest> admitted(ApplicationSet set, Candidate candidate, Consumer<String> warnings)
            throws Refused {
        Deployment fresh = candidate.deployment();
        try {
            return parts.gate()
                    .check(
                            set.manifest(),
                            new SignedSet(fresh.text(), fresh.application(), set::folder),
                            parts.time().now(),
                            warnings);
        } catch (UntrustedException e) {
            throw new Refused(Kind.FORBIDDEN, String.valueOf(e.getMessage()));
        }
    }

    Outcome of(Deployment now) throws Refused, Cancelled {
        request.check();
        says.accept("reading " + (request.path().isEmpty() ? "the application again" : request.path()));
        try {
            ApplicationSet set = parts.sets().open(request.path(), request.operator());
            try {
                return of(now, set);
            } catch (ConfigException | Refused | Cancelled | RuntimeException e) {
                set.close();
                throw e;
            }
        } catch (ConfigException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private Outcome of(Deployment now, ApplicationSet set) throws ConfigException, Refused, Cancelled {
        List<String> warnings = new ArrayList<>();
        Candidate candidate = parts.deployments().wanted(set, warning -> warnings.add(warning.message()));
        Optional<SignedManifest> manifest = admitted(set, candidate, warnings::add);
        Deployment fresh = candidate.deployment();
        Map<String, Path> coming = set.coming(fresh.application());
        UpdatePlan plan = parts.planner().plan(now, fresh, coming.keySet());
        List<Problem> problems = set.problems(fresh.application());
        problems.addAll(problems(now.application(), fresh.application(), coming, Changer.started(plan)));
        candidate.draft().refuse(problems);
        return new Outcome(set, fresh, new UpdatePlan(plan.from(), plan.to(), plan.steps(), warnings), manifest);
    }

    private List<Problem> problems(AppConfig before, AppConfig application, Map<String, Path> coming, Set<String> start)
            throws Refused, Cancelled {
        says.accept("checking");
        List<Problem> problems =
                new ArrayList<>(parts.rules().problems(before, application, start, PortsInUse.ofHost()));
        try {
            parts.groundwork().load(application);
        } catch (FeatureException e) {
            problems.add(new Problem("services", String.valueOf(e.getMessage())));
        }
        Set<String> usable = awaitEngines(application, start, problems);
        Map<String, String> failures = new ConcurrentHashMap<>();
        new Preparation(request)
                .run(
                        parts.workers(),
                        () -> failures.putAll(parts.changer()
                                .check(
                                        application,
                                        usable,
                                        coming,
                                        parts.groundwork().modules())));
        for (int s = 0; s < application.services().size(); s++) {
            String failure = failures.get(application.services().get(s).name());
            if (failure != null) {
                problems.add(new Problem("services[" + s + "]", failure));
            }
        }
        return problems;
    }

    /** Those of the services whose engine is there; for one that the installation has this waits a while. */
    private Set<String> awaitEngines(AppConfig application, Set<String> start, List<Problem> problems)
            throws Cancelled {
        Set<String> coming = new LinkedHashSet<>(start);
        coming.removeIf(name -> parts.groundwork()
                .unavailable(parts.changer().engine(application, name))
                .isPresent());
        long begun = parts.time().nanos();
        Set<String> missing = parts.changer().missingEngines(application, coming);
        while (!missing.isEmpty() && parts.time().nanos() - begun <= ENGINE.toNanos()) {
            says.accept("waiting for engine " + String.join(", ", missing));
            request.pause(parts.time(), LOOK);
            missing = parts.changer().missingEngines(application, coming);
        }
        for (int s = 0; s < application.services().size(); s++) {
            ServiceSpec service = application.services().get(s);
            String engine = parts.changer().engine(application, service.name());
            if (coming.contains(service.name()) && missing.contains(engine)) {
                problems.add(new Problem("services[" + s + "]", "engine '" + engine + "' is not there"));
                coming.remove(service.name());
            }
        }
        return coming;
    }
}
