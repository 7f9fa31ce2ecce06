package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.config.FileTrouble;
import io.openedge.config.trust.SignedManifest;
import io.openedge.master.update.Journal.Entry;
import io.openedge.master.update.Journal.Phase;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One update from its reading to its end, on the thread of updates. One use. */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MOST_TRIES = 3;

    private final Parts parts;
    private final Running running;
    private final Request request;
    private final CompletableFuture<String> ending;
    private Entry entry = Entry.NONE;
    private List<String> warnings = List.of();
    private Set<String> inPlace = Set.of();
    private Set<String> cutOff = Set.of();
    private Optional<SignedManifest> manifest = Optional.empty();
    private boolean prepared;

    /** @param ending completes when the gateway stops: the files are put back then, and no service is started */
    Transaction(Parts parts, Running running, Request request, CompletableFuture<String> ending) {
        this.parts = parts;
        this.running = running;
        this.request = request;
        this.ending = ending;
    }

    UpdateResult run() {
        Deployment old = running.now();
        try (Review.Outcome review = new Review(parts, request, this::say).of(old)) {
            Deployment fresh = review.deployment();
            UpdatePlan plan = review.plan();
            warnings = plan.warnings();
            warnings.forEach(warning -> LOG.warn("{}", warning));
            begin(old, fresh);
            place(review, old.application());
            inPlace = parts.planner().changedInPlace(old, fresh);
            Set<String> start = Changer.started(plan);
            prepare(fresh.application(), start);
            Set<String> stop = Changer.stopped(plan);
            defer(stop);
            manifest = review.manifest();
            return change(old, fresh, stop, start);
        } catch (Refused e) {
            return untouched(Outcome.REFUSED, e.getMessage());
        } catch (Cancelled e) {
            return untouched(Outcome.CANCELLED, e.getMessage());
        } catch (RuntimeException e) { // of reading and preparing: what comes later is caught there
            LOG.error("the update failed by a fault of the gateway", e);
            return untouched(Outcome.REFUSED, "a fault of the gateway: " + e);
        } finally {
            running.progress(UpdateProgress.NONE);
        }
    }

    /** @throws Refused when it failed so often that only the operator may try it again */
    private void begin(Deployment old, Deployment fresh) throws Refused {
        Entry last = parts.journal().read().orElse(Entry.NONE);
        int tries = last.digest().equals(fresh.digest()) ? last.tries() : 0;
        if (tries >= MOST_TRIES && !request.operator()) {
            throw new Refused("this application failed " + tries + " times and is not tried again (last time: "
                    + last.reason() + "); change it, or let the operator try it: openedge update");
        }
        entry = new Entry(
                Phase.CHANGING,
                old.application().version(),
                fresh.application().version(),
                request.path(),
                fresh.digest(),
                tries,
                "",
                List.copyOf(Running.names(old.application())),
                List.copyOf(running.before()));
    }

    /** What came in an archive is in its place before anything is prepared; who mounts what was there is cut off from it. */
    private void place(Review.Outcome review, AppConfig old) throws Refused {
        if (review.set().unpacked().isEmpty()) {
            return;
        }
        say("putting volumes in their places");
        Set<String> replaced = review.set().coming(old).keySet();
        cutOff = old.services().stream()
                .filter(service -> service.mounts().stream().anyMatch(mount -> replaced.contains(mount.name())))
                .map(ServiceSpec::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        try {
            review.set().place(review.deployment().application());
        } catch (IOException e) {
            throw new Refused("a volume cannot be put in its place: " + FileTrouble.sentence(e));
        }
    }

    private void prepare(AppConfig application, Set<String> start) throws Refused, Cancelled {
        say("preparing");
        prepared = true;
        new Preparation(request).run(parts.workers(), () -> parts.changer().prepare(application, start, this::say));
    }

    /** Services may hold an update back for a while. */
    private void defer(Set<String> stop) throws Cancelled {
        long begun = parts.time().nanos();
        Set<String> busy = parts.changer().busy(stop);
        while (!busy.isEmpty()) {
            if (parts.time().nanos() - begun >= parts.limits().defer().max().toNanos()) {
                LOG.warn(
                        "update: {} still busy after {}; it goes on",
                        busy,
                        parts.limits().defer().max());
                return;
            }
            say("waiting for " + String.join(", ", busy) + ", which says that it is busy");
            request.pause(parts.time(), LOOK);
            busy = parts.changer().busy(stop);
        }
    }

    private UpdateResult change(Deployment old, Deployment fresh, Set<String> stop, Set<String> start)
            throws Refused, Cancelled {
        request.check();
        Set<String> ran = parts.changer().running(stop);
        try {
            parts.journal().write(entry);
            parts.files().begin(old.text(), fresh.text());
        } catch (IOException e) {
            note(entry.in(Phase.CANCELLED));
            throw new Refused(FileTrouble.sentence(parts.files().file(), e));
        }
        try {
            if (!stop.isEmpty() || !start.isEmpty()) {
                say("stopping " + words(stop) + ", starting " + words(start));
                Request.join(CompletableFuture.anyOf(parts.changer().change(stop, fresh.application(), start), ending));
                request.check();
                note(entry.in(Phase.WATCHING));
                Optional<String> failure = watch(fresh.application(), start, request, false);
                if (failure.isPresent()) {
                    return rollBack(old, start, stop, ran, Outcome.ROLLED_BACK, failure.get());
                }
            }
            request.check();
            if (manifest.isPresent()) {
                parts.gate().keep(manifest.get());
            }
            parts.files().commit();
        } catch (Cancelled e) {
            return rollBack(old, start, stop, ran, Outcome.CANCELLED, e.getMessage());
        } catch (IOException e) {
            return rollBack(
                    old,
                    start,
                    stop,
                    ran,
                    Outcome.ROLLED_BACK,
                    FileTrouble.sentence(parts.files().file(), e));
        } catch (RuntimeException e) {
            LOG.error("the update failed by a fault of the gateway", e);
            return rollBack(old, start, stop, ran, Outcome.ROLLED_BACK, "a fault of the gateway: " + e);
        }
        running.replace(fresh);
        note(entry.in(Phase.COMMITTED));
        parts.changer().retain(running.services());
        LOG.info("update: application '{}' runs", fresh.application().version());
        return result(Outcome.COMMITTED, "");
    }

    private Optional<String> watch(AppConfig application, Set<String> names, Request by, boolean back)
            throws Cancelled {
        HealthWatch watch = new HealthWatch(
                parts.supervisor(), parts.time(), parts.workers().calls());
        for (ServiceSpec service : Changer.specs(application, names)) {
            watch.add(service, back ? Duration.ZERO : service.health().window());
        }
        return watch.await(by, parts.limits().start().max(), this::say);
    }

    /** The inverse plan: what was started stops, what was stopped starts. */
    private UpdateResult rollBack(
            Deployment old, Set<String> started, Set<String> stopped, Set<String> ran, Outcome outcome, String why) {
        String reason = inPlace.isEmpty()
                ? why
                : why + "; the content of volume " + words(inPlace) + " was changed in place and stays as it is now:"
                        + " only application.yml is put back";
        LOG.error("update to '{}' is rolled back: {}", entry.to(), reason);
        say("rolling back: " + reason);
        Entry failed = outcome == Outcome.CANCELLED ? entry.cancelled(reason) : entry.failed(Phase.ROLLED_BACK, reason);
        note(failed.in(Phase.ROLLING_BACK));
        String problem = putBackFiles();
        if (!ending.isDone()) {
            Request.join(CompletableFuture.anyOf(parts.changer().change(started, old.application(), stopped), ending));
            running.set(parts.deployments().again(old));
            problem += comeUp(old, ran);
        }
        parts.changer().retain(running.services());
        if (problem.isEmpty()) {
            note(failed);
            return finish(outcome, reason);
        }
        note(failed.in(Phase.ROLL_BACK_FAILED));
        return finish(Outcome.ROLL_BACK_FAILED, reason + "; and the roll back failed: " + problem);
    }

    private String putBackFiles() {
        try {
            parts.files().putBack();
            return "";
        } catch (IOException e) { // the next start of the gateway does it
            return "application.yml could not be put back: "
                    + FileTrouble.sentence(parts.files().file(), e) + "; ";
        }
    }

    /** Of what ran before the update all must run again; what did not is no failure of the roll back. */
    private String comeUp(Deployment old, Set<String> ran) {
        try {
            return watch(old.application(), ran, new Request("", true, new CompletableFuture<>(), ending), true)
                    .orElse("");
        } catch (Cancelled e) {
            return "";
        }
    }

    private UpdateResult untouched(Outcome outcome, String reason) {
        if (!cutOff.isEmpty() && !ending.isDone()) {
            say("restarting " + words(cutOff) + ", which mount what came");
            Deployment now = running.now();
            Request.join(CompletableFuture.anyOf(parts.changer().change(cutOff, now.application(), cutOff), ending));
            running.set(parts.deployments().again(now));
        }
        if (prepared) {
            parts.changer().retain(running.services());
        }
        return finish(outcome, reason);
    }

    private UpdateResult finish(Outcome outcome, String reason) {
        String what = "update" + (entry.to().isEmpty() ? "" : " to '" + entry.to() + "'")
                + (request.path().isEmpty() ? "" : " from " + request.path()) + " "
                + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + reason;
        if (outcome == Outcome.CANCELLED) {
            LOG.info("{}", what);
        } else {
            LOG.error("{}", what);
            running.complain(what);
        }
        return result(outcome, reason);
    }

    private UpdateResult result(Outcome outcome, String reason) {
        return new UpdateResult(outcome, running.now().application().version(), reason, warnings);
    }

    /** For the story only: which application runs is decided without it. */
    private void note(Entry next) {
        try {
            parts.journal().write(next);
        } catch (IOException e) {
            LOG.error("the journal of updates cannot be written: {}", FileTrouble.sentence(e));
        }
    }

    private void say(String phase) {
        say(entry.to(), phase);
    }

    private void say(String version, String phase) {
        if (!running.progress().phase().equals(phase)) {
            LOG.info("update: {}", phase);
            running.progress(new UpdateProgress(version, phase));
        }
    }

    private static String words(Set<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
