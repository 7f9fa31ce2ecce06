package io.openedge.master.update;

import io.openedge.app.HealthCheck;
import io.openedge.app.ServiceSpec;
import io.openedge.master.supervise.ServiceLook;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.Time;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Watches services that an update started until each has worked, without a break, for as long as its window says. One that
 * fails, is restarted three times or does not come to rest in time ends the watch. One thread, one use.
 */
final class HealthWatch {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int RESTARTS = 3;

    private final Supervisor supervisor;
    private final Time time;
    private final Executor probes;
    private final List<Watched> watched = new ArrayList<>();

    /** @param probes where a look that may take long is made */
    HealthWatch(Supervisor supervisor, Time time, Executor probes) {
        this.supervisor = supervisor;
        this.time = time;
        this.probes = probes;
    }

    /** Watches a service too. */
    void add(ServiceSpec service, Duration window) {
        watched.add(new Watched(service, window));
    }

    /**
     * Waits until all have worked long enough.
     *
     * @param start how long they may take until they work
     * @param progress hears what is waited for
     * @return what is wrong with one; empty: all are well
     */
    Optional<String> await(Request request, Duration start, Consumer<String> progress) throws Cancelled {
        Duration longest =
                watched.stream().map(Watched::window).max(Duration::compareTo).orElse(Duration.ZERO);
        long begun = time.nanos();
        long limit = start.plus(longest.multipliedBy(2)).toNanos();
        while (true) {
            List<String> waiting = new ArrayList<>();
            for (Watched one : watched) {
                Optional<String> failure = one.look();
                if (failure.isPresent()) {
                    return failure;
                }
                one.waitsFor().ifPresent(waiting::add);
            }
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            long passed = time.nanos() - begun;
            Optional<String> late = watched.stream()
                    .filter(one -> one.well() ? passed > limit : passed > start.toNanos())
                    .flatMap(one -> one.waitsFor().stream())
                    .findFirst();
            if (late.isPresent()) {
                return Optional.of(late.get() + " after " + passed / 1_000_000_000L + " s");
            }
            progress.accept(String.join(", ", waiting));
            request.pause(time, LOOK);
        }
    }

    private final class Watched {
        private final ServiceSpec service;
        private final Duration window;
        private final boolean probed;
        private long wellSince;
        private boolean well;
        private int restarts;
        private String reason = "is not started yet";
        private String cause = "";
        private CompletableFuture<Optional<String>> probe =
                CompletableFuture.completedFuture(Optional.of("was not looked at yet"));
        private Optional<String> seen = Optional.empty();
        private long probeAt;

        Watched(ServiceSpec service, Duration window) {
            this.service = service;
            this.window = window;
            HealthCheck check = service.health();
            probed = !check.tcp().isEmpty()
                    || !check.http().isEmpty()
                    || !check.mqtt().isEmpty()
                    || !check.command().isEmpty();
        }

        Duration window() {
            return window;
        }

        boolean well() {
            return well;
        }

        Optional<String> waitsFor() {
            if (well && time.nanos() - wellSince >= window.toNanos()) {
                return Optional.empty();
            }
            return Optional.of("service '" + service.name() + "' "
                    + (well ? "is watched" + (restarts > 0 ? because() : "") : reason));
        }

        /** @return why it failed for good */
        Optional<String> look() {
            Optional<ServiceLook> found = supervisor.look(service.name());
            if (found.isEmpty()) {
                return Optional.of("service '" + service.name() + "' is gone");
            }
            ServiceLook look = found.get();
            look.instances().stream()
                    .map(InstanceStatus::reason)
                    .filter(said -> !said.isEmpty())
                    .forEach(said -> cause = said);
            int now =
                    look.instances().stream().mapToInt(InstanceStatus::restarts).sum();
            if (now != restarts) {
                well = false;
            }
            restarts = now;
            Optional<String> failure = look.instances().stream()
                    .filter(one -> one.status() == InstanceState.FAILED || one.restarts() >= RESTARTS)
                    .map(one -> "instance '" + one.name() + "' "
                            + (one.status() == InstanceState.FAILED
                                    ? "failed"
                                    : "was restarted " + one.restarts() + " times")
                            + (one.reason().isEmpty() ? because() : ": " + one.reason()))
                    .findFirst();
            if (failure.isEmpty()) {
                settle(wrong(look).or(() -> probed ? probe(look) : Optional.empty()));
            }
            return failure;
        }

        /** Why an instance ended that runs again at this moment. */
        private String because() {
            return cause.isEmpty() ? "" : ": " + cause;
        }

        private void settle(Optional<String> wrong) {
            if (wrong.isEmpty() && !well) {
                wellSince = time.nanos();
            }
            well = wrong.isEmpty();
            reason = wrong.orElse("");
        }

        private Optional<String> wrong(ServiceLook look) {
            if (!look.open()) {
                return Optional.of("is not open: " + look.reason());
            }
            return look.instances().stream()
                    .filter(one -> one.status() != InstanceState.RUNNING && one.status() != InstanceState.STOPPED)
                    .map(one -> "does not run: instance '" + one.name() + "' is "
                            + one.status().word() + (one.reason().isEmpty() ? "" : ": " + one.reason()))
                    .findFirst();
        }

        /** The outcome of the last look; the next is made when its time has come. */
        private Optional<String> probe(ServiceLook look) {
            if (probe.isDone()) {
                seen = probe.join();
                if (seen.isPresent() || time.nanos() - probeAt >= 0) { // what is not well is looked at again at once
                    probeAt = time.nanos() + service.health().interval().toNanos();
                    probe = CompletableFuture.supplyAsync(() -> Probe.look(service.health(), look.runs()), probes);
                }
            }
            return seen.map(why -> "is not well: " + why);
        }
    }
}
