package io.openedge.module.runtime;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.config.LoggerConfig;
import io.openedge.config.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The configuration file of a module: etc/openedge/service.yml, or what {@code -c FILE} names. Immutable. */
record ModuleFile(Path path) {
    private static final String DEFAULT = "etc/openedge/service.yml";

    /** Every module's file may have this section, beside what the module itself knows. */
    record Section(LoggerConfig logger) {}

    static ModuleFile of(Path directory, List<String> args) {
        int option = args.indexOf("-c");
        String named = option >= 0 && option + 1 < args.size() ? args.get(option + 1) : DEFAULT;
        return new ModuleFile(locate(directory, Path.of(named)));
    }

    /** An absolute path is first taken in the directory, which is the root that a container would have. */
    private static Path locate(Path directory, Path named) {
        if (!named.isAbsolute()) {
            return directory.resolve(named).normalize();
        }
        Path inside = directory.resolve(named.getRoot().relativize(named)).normalize();
        return inside.startsWith(directory) && Files.exists(inside) ? inside : named;
    }

    /** The logger's section; empty when there is none. */
    Optional<LoggerConfig> logger() throws ConfigException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                ConfigReader.read(real(), Section.class, warning -> {}).logger());
    }

    /** The file as the module's record. */
    <T extends Record> T read(Class<T> type, Consumer<Warning> warnings) throws ConfigException {
        return ConfigReader.read(real(), type, warnings);
    }

    /** Messages name the file that an operator edits, not the link to it in the service's directory. */
    private Path real() {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // the reader says what is wrong with it
        }
    }
}
