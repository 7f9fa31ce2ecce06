package io.openedge.config;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import java.util.List;

/** An application that keeps the rules of its file; whether it can run on this host is for others to say. One thread. */
public final class ApplicationDraft {
    private final AppConfig application;
    private final RecordReader reader;

    ApplicationDraft(AppConfig application, RecordReader reader) {
        this.application = application;
        this.reader = reader;
    }

    /** What the file says. */
    public AppConfig application() {
        return application;
    }

    /**
     * Refuses it when something is wrong with it.
     *
     * @throws ConfigException with a line for each problem: file, line, key path and what is wrong
     */
    public void refuse(List<Problem> problems) throws ConfigException {
        Problems all = new Problems();
        for (Problem problem : problems) {
            all.add(reader.error(problem.key(), problem.sentence()));
        }
        all.refuse();
    }
}
