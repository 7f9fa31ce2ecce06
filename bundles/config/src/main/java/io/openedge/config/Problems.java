package io.openedge.config;

import io.openedge.app.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with several values, so that all of it is said at once, a line each. One thread, one use. */
final class Problems {
    private static final int MOST = 20;

    private final List<String> lines = new ArrayList<>();

    /** A step that may find a value wrong. */
    @FunctionalInterface
    interface Step<T> {
        @Nullable
        T run() throws ConfigException;
    }

    /**
     * Takes a step; what it finds wrong is kept.
     *
     * @return its result; null: it found something wrong
     * @throws ConfigException when so much is wrong that nobody reads on
     */
    <T> @Nullable T take(Step<T> step) throws ConfigException {
        try {
            return step.run();
        } catch (ConfigException e) {
            add(e);
            return null;
        }
    }

    /** @throws ConfigException when so much is wrong that nobody reads on */
    void add(ConfigException e) throws ConfigException {
        String.valueOf(e.getMessage()).lines().forEach(lines::add);
        if (lines.size() > MOST) {
            lines.subList(MOST, lines.size()).clear(); // also what nested problems said of more
            lines.add("and more");
            throw refusal();
        }
    }

    /** @throws ConfigException with all that is wrong, if anything is */
    void refuse() throws ConfigException {
        if (!lines.isEmpty()) {
            throw refusal();
        }
    }

    private ConfigException refusal() {
        return new ConfigException(String.join("\n", lines));
    }
}
