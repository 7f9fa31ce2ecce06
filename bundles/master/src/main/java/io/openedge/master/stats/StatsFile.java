package io.openedge.master.stats;

import io.openedge.engine.InstanceRecord;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.representer.Representer;

/**
 * application.stats: service → instance → where it runs. A reader never sees half of it. Thread rule: one at a time. An
 * entry of an old release has no engine: a process is the native engine's, a container the docker engine's.
 */
public final class StatsFile {
    private static final Logger LOG = LoggerFactory.getLogger(StatsFile.class);

    private final Path file;

    public StatsFile(Path file) {
        this.file = file;
    }

    /** What ran when the gateway ended last; nothing when it ended in order, or when the file cannot be read. */
    public List<Leftover> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Node root = yaml().compose(text);
            return root == null ? List.of() : leftovers(root);
        } catch (IOException | YAMLException | IllegalArgumentException | DateTimeParseException e) {
            LOG.warn("{} is ignored, orphans of the last run are not looked for: {}", file, e.getMessage());
            return List.of();
        }
    }

    /**
     * Replaces the file.
     *
     * @throws IOException when it stays as it was
     */
    public void write(List<Leftover> entries) throws IOException {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        for (Leftover entry : entries) {
            InstanceRecord record = entry.record();
            Map<String, Object> instances = services.computeIfAbsent(record.service(), key -> new LinkedHashMap<>());
            instances.put(freeKey(instances, record.name()), attributes(entry));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var text = StandardCharsets.UTF_8.encode(yaml().dump(services));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** There is nothing left to find. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** A run that was left behind has the name of the one that took its place. */
    private static String freeKey(Map<String, Object> instances, String name) {
        String key = name;
        for (int other = 2; instances.containsKey(key); other++) {
            key = name + " " + other;
        }
        return key;
    }

    private static Map<String, Object> attributes(Leftover entry) {
        InstanceRecord record = entry.record();
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("name", record.name());
        attributes.put("engine", entry.engine());
        if (record.place() instanceof InstanceRecord.Process process) {
            attributes.put("process", place(process.id(), process.name()));
        } else if (record.place() instanceof InstanceRecord.Container container) {
            attributes.put("container", place(container.id(), container.name()));
        }
        attributes.put("start_time", record.started().toString());
        if (!record.bootId().isEmpty()) {
            attributes.put("boot_id", record.bootId());
        }
        return attributes;
    }

    private static Map<String, Object> place(Object id, String name) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("id", id);
        place.put("name", name);
        return place;
    }

    private static List<Leftover> leftovers(Node root) {
        List<Leftover> found = new ArrayList<>();
        children(root)
                .forEach((service, instances) -> children(instances)
                        .forEach((name, attributes) -> found.add(leftover(service, name, children(attributes)))));
        return found;
    }

    private static Leftover leftover(String service, String name, Map<String, Node> attributes) {
        InstanceRecord.Place place = new InstanceRecord.Framework();
        String engine = "osgi";
        if (attributes.containsKey("process")) {
            Map<String, Node> process = children(attributes.get("process"));
            place = new InstanceRecord.Process(Long.parseLong(text(process, "id")), text(process, "name"));
            engine = "native";
        } else if (attributes.containsKey("container")) {
            Map<String, Node> container = children(attributes.get("container"));
            place = new InstanceRecord.Container(text(container, "id"), text(container, "name"));
            engine = "docker";
        }
        String by = text(attributes, "engine");
        String own = text(attributes, "name");
        String started = text(attributes, "start_time");
        Instant start = started.isEmpty() ? Instant.EPOCH : Instant.parse(started);
        InstanceRecord record =
                new InstanceRecord(service, own.isEmpty() ? name : own, place, start, text(attributes, "boot_id"));
        return new Leftover(by.isEmpty() ? engine : by, record);
    }

    private static Map<String, Node> children(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw new IllegalArgumentException("line " + (node.getStartMark().getLine() + 1) + " should hold keys");
        }
        Map<String, Node> children = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                children.put(key.getValue(), tuple.getValueNode());
            }
        }
        return children;
    }

    private static String text(Map<String, Node> attributes, String key) {
        return attributes.get(key) instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static Yaml yaml() {
        DumperOptions dump = new DumperOptions();
        dump.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        LoaderOptions load = new LoaderOptions();
        load.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(load), new Representer(dump), dump, load);
    }
}
