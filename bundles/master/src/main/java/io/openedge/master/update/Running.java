package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.system.UpdateProgress;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The application that runs, the one before it, and what is wrong with them. Written by the thread of updates alone; any
 * thread reads.
 */
final class Running {
    private volatile Deployment now;
    private volatile Set<String> before = Set.of();
    private volatile String broken;
    private volatile String failure;
    private volatile UpdateProgress progress = UpdateProgress.NONE;

    /**
     * @param broken what is wrong with its file; empty: nothing
     * @param failure of an update before; empty: none
     */
    Running(Deployment now, String broken, String failure) {
        this.now = now;
        this.broken = broken;
        this.failure = failure;
    }

    Deployment now() {
        return now;
    }

    void set(Deployment deployment) {
        now = deployment;
    }

    /** Another application runs from now on, well. */
    void replace(Deployment deployment) {
        before = names(now.application());
        now = deployment;
        broken = "";
        failure = "";
    }

    /** The services of this application and of the one before. */
    Set<String> services() {
        Set<String> all = new HashSet<>(before);
        all.addAll(names(now.application()));
        return all;
    }

    String error() {
        return Stream.of(broken, failure).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
    }

    void complain(String reason) {
        failure = reason;
    }

    UpdateProgress progress() {
        return new UpdateProgress(progress.version(), progress.phase(), failure);
    }

    void progress(UpdateProgress next) {
        progress = next;
    }

    private static Set<String> names(AppConfig application) {
        return application.services().stream().map(ServiceSpec::name).collect(Collectors.toSet());
    }
}
