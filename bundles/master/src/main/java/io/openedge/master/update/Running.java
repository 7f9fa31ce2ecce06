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
    private volatile Set<String> before;
    private volatile String broken;
    private volatile String failure;
    private volatile UpdateProgress progress = UpdateProgress.NONE;

    /**
     * @param before the services of the application before
     * @param broken what is wrong with its file; empty: nothing
     * @param failure of an update before; empty: none
     */
    Running(Deployment now, Set<String> before, String broken, String failure) {
        this.now = now;
        this.before = before;
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

    /** The services of the application before. */
    Set<String> before() {
        return before;
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

    static Set<String> names(AppConfig application) {
        return application.services().stream().map(ServiceSpec::name).collect(Collectors.toSet());
    }
}
