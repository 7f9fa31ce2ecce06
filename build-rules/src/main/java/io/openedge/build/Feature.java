package io.openedge.build;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A feature file (OSGi Compendium, Feature Service): what belongs together under one name.
 *
 * @param bundles in the order of their installation
 * @param images module images that the feature brings
 * @param engines engines that the feature brings
 * @param alone features that its modules need beside it in a process of their own
 * @param classPath jars of a plain class path, for what runs without a framework
 */
record Feature(
        String name,
        List<Artifact> bundles,
        List<String> images,
        List<String> engines,
        List<String> alone,
        List<Artifact> classPath) {
    private static final ObjectMapper JSON = new ObjectMapper().configure(JsonParser.Feature.ALLOW_COMMENTS, true);

    static Feature read(Path file) throws IOException {
        JsonNode feature = JSON.readTree(file.toFile());
        String name = feature.path("name").asText();
        if (!file.getFileName().toString().equals(name + ".json")) {
            throw new IllegalArgumentException(file + ": the name in it is '" + name + "'");
        }
        List<Artifact> bundles = new ArrayList<>();
        feature.path("bundles").forEach(bundle -> bundles.add(artifact(bundle)));
        JsonNode extensions = feature.path("extensions");
        List<Artifact> classPath = new ArrayList<>();
        extensions.path("class-path").path("artifacts").forEach(jar -> classPath.add(artifact(jar)));
        return new Feature(
                name,
                List.copyOf(bundles),
                text(extensions.path("openedge-images")),
                text(extensions.path("openedge-engines")),
                text(extensions.path("openedge-alone")),
                List.copyOf(classPath));
    }

    private static Artifact artifact(JsonNode node) {
        return Artifact.parse(node.isTextual() ? node.asText() : node.path("id").asText());
    }

    private static List<String> text(JsonNode extension) {
        List<String> lines = new ArrayList<>();
        extension.path("text").forEach(line -> lines.add(line.asText()));
        return List.copyOf(lines);
    }
}
