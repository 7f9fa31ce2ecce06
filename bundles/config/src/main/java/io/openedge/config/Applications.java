package io.openedge.config;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Reads application.yml. Stateless; any thread; writes nothing. */
public final class Applications {
    private Applications() {}

    /**
     * Reads an application by the rules that hold under every engine. A file without the key {@code services} is taken for
     * an empty or cut one and refused: an application that runs nothing says {@code services: []}.
     *
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public static AppConfig read(Path file, Consumer<Warning> warnings) throws ConfigException {
        return reading(YamlDocument.of(file), warnings).application();
    }

    /**
     * Reads an application that is to run under a mode: refuses also what the services' engines do not accept, and warns
     * of what has no effect under them.
     *
     * @param mode the engine of services that name none: docker, native or osgi
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public static AppConfig read(Path file, String mode, Consumer<Warning> warnings) throws ConfigException {
        return checked(reading(YamlDocument.of(file), warnings), mode, warnings).application();
    }

    private static ApplicationDraft checked(Reading reading, String mode, Consumer<Warning> warnings)
            throws ConfigException {
        reading.refuse(EngineRules.problems(reading.application(), mode));
        for (EngineRules.Ineffective one : EngineRules.ineffective(reading.application(), mode)) {
            warnings.accept(reading.reader().warning(one.key(), one.sentence()));
        }
        return new ApplicationDraft(reading.application(), reading.reader());
    }

    /**
     * Reads an application that was read from a file before, as {@link #read(Path, String, Consumer)} does.
     *
     * @param content of the file
     * @param name of the file, for errors and warnings
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public static ApplicationDraft draft(byte[] content, String name, String mode, Consumer<Warning> warnings)
            throws ConfigException {
        return checked(reading(YamlDocument.of(content, name), warnings), mode, warnings);
    }

    /** One warning for each service with keys that have no effect under its engine. */
    public static List<Warning> ineffective(AppConfig application, String mode) {
        return EngineRules.ineffective(application, mode).stream()
                .map(one -> new Warning(one.key() + ": " + one.sentence()))
                .toList();
    }

    /**
     * The place of a volume in the work directory, or of a mount in a service's directory: the path is joined, also when it
     * starts with a slash.
     *
     * @throws InvalidValueException without a key when the path climbs out
     */
    public static Path join(Path root, String path) {
        return root.resolve(ApplicationRules.relative(path));
    }

    private static Reading reading(YamlDocument document, Consumer<Warning> warnings) throws ConfigException {
        RecordReader reader = new RecordReader(document, warnings);
        reader.require("services", "is empty or was cut; an application that runs nothing says 'services: []'");
        Reading reading = new Reading(reader.read(AppConfig.class), reader);
        reading.refuse(ApplicationRules.problems(reading.application()));
        return reading;
    }

    private record Reading(AppConfig application, RecordReader reader) {
        void refuse(List<InvalidValueException> invalid) throws ConfigException {
            Problems problems = new Problems();
            for (InvalidValueException e : invalid) {
                problems.add(reader.reject(e));
            }
            problems.refuse();
        }
    }
}
