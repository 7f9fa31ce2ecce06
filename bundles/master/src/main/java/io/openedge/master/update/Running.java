package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.system.UpdateProgress;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The application that runs, the one before it, and what is wrong with them. Written by the thread of updates alone; any
 * thread reads.
 */
final class Running {
    private volatile Deployment now;
    private volatile Set<String> before = Set.of();
    private volatile String error;
    private volatile UpdateProgress progress = UpdateProgress.NONE;

    Running(Deployment now, String error) {
        this.now = now;
        this.error = error;
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
        error = "";
    }

    /** The services of this application and of the one before. */
    Set<String> services() {
        Set<String> all = new HashSet<>(before);
        all.addAll(names(now.application()));
        return all;
    }

    String error() {
        return error;
    }

    void complain(String reason) {
        error = reason;
    }

    UpdateProgress progress() {
        return progress;
    }

    void progress(UpdateProgress next) {
        progress = next;
    }

    private static Set<String> names(AppConfig application) {
        return application.services().stream().map(ServiceSpec::name).collect(Collectors.toSet());
    }
}
