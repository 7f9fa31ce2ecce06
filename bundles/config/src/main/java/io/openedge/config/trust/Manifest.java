package io.openedge.config.trust;

import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import io.openedge.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What an application set consists of. Immutable.
 *
 * @param format of the manifest: 1
 * @param number grows from set to set; a gateway takes none that is older than the last one
 * @param created when it was signed, RFC 3339
 * @param expires when it is no longer taken, RFC 3339
 * @param application its file
 * @param volumes of that application, all of them
 */
public record Manifest(
        int format, long number, String created, String expires, Application application, List<Volume> volumes) {
    /** The name of its file, beside application.yml. */
    public static final String FILE = "openedge.manifest";

    private static final String DIGEST = "[0-9a-f]{64}";

    public Manifest {
        if (format != 1) {
            throw new InvalidValueException("format", format, "1");
        }
        if (number < 1) {
            throw new InvalidValueException("number", number, "a whole number from 1 on");
        }
        created = instant("created", created);
        expires = instant("expires", expires);
        if (application == null) {
            throw new InvalidValueException("application", "", "version and sha256 of application.yml");
        }
        volumes = volumes == null ? List.of() : List.copyOf(volumes);
    }

    /**
     * application.yml.
     *
     * @param version that it names; empty: none
     * @param sha256 of the file
     */
    public record Application(String version, String sha256) {
        public Application {
            version = version == null ? "" : version;
            if (sha256 == null || !sha256.matches(DIGEST)) {
                throw new InvalidValueException("sha256", sha256 == null ? "" : sha256, "64 hexadecimal digits");
            }
        }
    }

    /**
     * A folder that services mount.
     *
     * @param name of the volume
     * @param version that its meta names; empty: none
     * @param path as the application says it
     * @param data whether its content is made at run-time and not part of the set
     * @param files by their path in it: {@code sha256 HEX} or {@code link TARGET}
     */
    public record Volume(String name, String version, String path, boolean data, Map<String, String> files) {
        public Volume {
            name = name == null ? "" : name;
            version = version == null ? "" : version;
            path = path == null ? "" : path;
            files = files == null ? Map.of() : Map.copyOf(files);
            if (data && !files.isEmpty()) {
                throw new InvalidValueException("data", true, "no files of a volume whose content is not signed");
            }
        }
    }

    private static String instant(String key, String text) {
        try {
            return Instant.parse(text == null ? "" : text).toString();
        } catch (DateTimeException e) {
            throw new InvalidValueException(key, text == null ? "" : text, "a time, such as 2030-01-31T12:00:00Z");
        }
    }

    /** When it is no longer taken. */
    public Instant expiry() {
        return Instant.parse(expires);
    }

    /** When it was signed. */
    public Instant creation() {
        return Instant.parse(created);
    }

    /** @throws ConfigException names line, key, value and what is allowed */
    static Manifest read(byte[] text, String name) throws ConfigException {
        return ConfigReader.read(new String(text, StandardCharsets.UTF_8), name, Manifest.class, warning -> {});
    }

    byte[] text() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("format", format);
        values.put("number", number);
        values.put("created", created);
        values.put("expires", expires);
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", application.version);
        file.put("sha256", application.sha256);
        values.put("application", file);
        List<Object> list = new ArrayList<>();
        for (Volume volume : volumes) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", volume.name);
            one.put("version", volume.version);
            one.put("path", volume.path);
            if (volume.data) {
                one.put("data", true);
            } else {
                one.put("files", new TreeMap<>(volume.files));
            }
            list.add(one);
        }
        values.put("volumes", list);
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(1000);
        return new Yaml(options).dump(values).getBytes(StandardCharsets.UTF_8);
    }
}
