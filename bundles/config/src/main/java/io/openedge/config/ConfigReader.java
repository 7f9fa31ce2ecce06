package io.openedge.config;

import io.openedge.app.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads YAML files as records. Stateless; any thread.
 *
 * <p>The text of each scalar is converted by the type of its record component; YAML never guesses a type. A component
 * may be a text, a number, a boolean, a {@link java.time.Duration} (Go's form), an {@link io.openedge.app.ByteSize}, an
 * enum, a {@link Path}, a record, a {@code List}, a {@code Map} with texts as keys, or an {@code Object} for free content:
 * text, Long, Double, Boolean, List and Map by the rules of JSON.
 */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads a file as a record: keys are component names in lower case. What is absent, empty or zero arrives as null
     * (primitives: zero; entries of lists and maps: as they are), and the compact constructor puts the default and checks
     * bounds. An empty file is a record of which everything is absent.
     *
     * @param warnings hears of unknown keys and of values that are accepted but doubtful
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public static <T extends Record> T read(Path file, Class<T> record, Consumer<Warning> warnings)
            throws ConfigException {
        return new RecordReader(YamlDocument.of(file), warnings).read(record);
    }

    /**
     * Reads a file of which only the outer form is known: a mapping of free content. Keys without a value are left out.
     *
     * @throws ConfigException names file and line of what is no YAML, or no mapping
     */
    public static Map<String, Object> content(Path file) throws ConfigException {
        return new RecordReader(YamlDocument.of(file), warning -> {}).content();
    }

    /**
     * Reads a text as a record, by the same rules as a file.
     *
     * @param name stands for the file in errors and warnings
     * @throws ConfigException names line, key path, value and what is allowed
     */
    public static <T extends Record> T read(String text, String name, Class<T> record, Consumer<Warning> warnings)
            throws ConfigException {
        return new RecordReader(YamlDocument.of(text, name), warnings).read(record);
    }
}
