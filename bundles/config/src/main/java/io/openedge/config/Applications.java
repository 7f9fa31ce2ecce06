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
        return checked(reading(YamlDocument.of(file), warnings), mode, application -> {}, warnings);
    }

    private static AppConfig checked(
            Reading reading, String mode, Consumer<AppConfig> check, Consumer<Warning> warnings)
            throws ConfigException {
        AppConfig application = reading.application();
        try {
            EngineRules.check(application, mode);
            check.accept(application);
        } catch (InvalidValueException e) {
            throw reading.reader().reject(e);
        }
        for (EngineRules.Ineffective one : EngineRules.ineffective(application, mode)) {
            warnings.accept(reading.reader().warning(one.key(), one.sentence()));
        }
        return application;
    }

    /**
     * Reads an application that was read from a file before, as {@link #read(Path, String, Consumer)} does, and has it
     * checked further.
     *
     * @param content of the file
     * @param name of the file, for errors and warnings
     * @param check throws an {@link InvalidValueException} with a key path from the root
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public static AppConfig read(
            byte[] content, String name, String mode, Consumer<AppConfig> check, Consumer<Warning> warnings)
            throws ConfigException {
        return checked(reading(YamlDocument.of(content, name), warnings), mode, check, warnings);
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
        AppConfig application = reader.read(AppConfig.class);
        try {
            ApplicationRules.check(application);
        } catch (InvalidValueException e) {
            throw reader.reject(e);
        }
        return new Reading(application, reader);
    }

    private record Reading(AppConfig application, RecordReader reader) {}
}
