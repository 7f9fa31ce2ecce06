package io.openedge.master.update;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * application.update: what the last update is doing or did, so that a start after a crash can say what became of it and an
 * application that failed is known. Which application runs is {@link ApplicationFiles}' to say. One owner's.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Disk disk;
    private final Path file;

    private Journal(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    /** The journal that lies beside application.yml. */
    static Journal beside(Disk disk, Path application) {
        return new Journal(disk, application.resolveSibling("application.update"));
    }

    /**
     * Where an update is.
     *
     * @param phase what is done next, or how it ended
     * @param from version that ran
     * @param to version wanted
     * @param path that was named
     * @param digest of what was wanted
     * @param tries of that digest that failed
     * @param reason of the last failure
     * @param services of the application that ran when the update began
     * @param previous services of the one before that
     */
    record Entry(
            Phase phase,
            String from,
            String to,
            String path,
            String digest,
            int tries,
            String reason,
            List<String> services,
            List<String> previous) {
        static final Entry NONE = new Entry(null, null, null, null, null, 0, null, null, null);

        Entry {
            phase = phase == null ? Phase.COMMITTED : phase;
            from = from == null ? "" : from;
            to = to == null ? "" : to;
            path = path == null ? "" : path;
            digest = digest == null ? "" : digest;
            reason = reason == null ? "" : reason;
            services = services == null ? List.of() : List.copyOf(services);
            previous = previous == null ? List.of() : List.copyOf(previous);
        }

        /** The services of the application before the one that runs. */
        Set<String> before() {
            return Set.copyOf(phase == Phase.COMMITTED ? services : previous);
        }

        Entry in(Phase next) {
            return new Entry(next, from, to, path, digest, tries, reason, services, previous);
        }

        Entry failed(Phase next, String why) {
            return new Entry(next, from, to, path, digest, tries + 1, why, services, previous);
        }

        Entry cancelled(String why) {
            return new Entry(Phase.CANCELLED, from, to, path, digest, tries, why, services, previous);
        }
    }

    /** What is done next, or how it ended. */
    enum Phase {
        /** The new application.yml is put in place, services are stopped and started. */
        CHANGING,
        /** The new services are watched. */
        WATCHING,
        /** The old services are brought back. */
        ROLLING_BACK,
        /** The new application runs. */
        COMMITTED,
        /** The old application runs. */
        ROLLED_BACK,
        /** The old application did not come up again. */
        ROLL_BACK_FAILED,
        /** It was given up; the old application runs. */
        CANCELLED;

        /** Whether an update is under way. */
        boolean underWay() {
            return this == CHANGING || this == WATCHING || this == ROLLING_BACK;
        }
    }

    /** The last entry; none when there is no file or it cannot be read. */
    Optional<Entry> read() {
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        try {
            String text = new String(disk.read(file), StandardCharsets.UTF_8);
            return Optional.of(ConfigReader.read(text, file.toString(), Entry.class, warning -> {}));
        } catch (IOException | ConfigException e) {
            LOG.warn("what the last update did is not known: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Replaces the entry; it is on stable storage afterwards. */
    void write(Entry entry) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("phase", entry.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        values.put("from", entry.from());
        values.put("to", entry.to());
        values.put("path", entry.path());
        values.put("digest", entry.digest());
        values.put("tries", entry.tries());
        values.put("reason", entry.reason());
        values.put("services", entry.services());
        values.put("previous", entry.previous());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        disk.write(temporary, yaml().dump(values).getBytes(StandardCharsets.UTF_8), file);
        disk.rename(temporary, file);
        disk.sync(Objects.requireNonNull(file.getParent()));
    }

    private static Yaml yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options);
    }
}
