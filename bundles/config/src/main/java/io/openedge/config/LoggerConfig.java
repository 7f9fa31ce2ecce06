package io.openedge.config;

import io.openedge.app.InvalidValueException;

/**
 * The {@code logger:} section of openedge.yml and of every module. Immutable.
 *
 * @param path of the log file; empty: standard output
 * @param level the least that is logged; default info
 * @param format of a line; default text
 * @param age of old files. Unit: days
 * @param size of a file before the next one. Unit: megabytes
 * @param backup old files that are kept
 */
public record LoggerConfig(String path, Level level, Format format, Limit age, Limit size, Limit backup) {
    /** Standard output, info, text. */
    public static final LoggerConfig DEFAULT = new LoggerConfig(null, null, null, null, null, null);

    public LoggerConfig {
        path = path == null ? "" : path;
        level = level == null ? Level.INFO : level;
        format = format == null ? Format.TEXT : format;
        age = age == null || age.max() == 0 ? new Limit(15) : age;
        size = size == null || size.max() == 0 ? new Limit(50) : size;
        backup = backup == null || backup.max() == 0 ? new Limit(15) : backup;
    }

    /** The least that is logged. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        /** Old word for error. */
        FATAL
    }

    /** How a line looks. */
    public enum Format {
        TEXT,
        JSON
    }

    /** @param max in the unit of the key */
    public record Limit(int max) {
        public Limit {
            if (max < 0) {
                throw new InvalidValueException("max", max, "0 (the default) or more");
            }
        }
    }
}
