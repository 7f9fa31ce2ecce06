package io.openedge.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A jar as a feature file names it: {@code group:name:version} or {@code group:name:jar:classifier:version}.
 *
 * @param classifier empty for the main jar
 */
record Artifact(String group, String name, String version, String classifier) {
    private static final String OURS = "io.openedge";

    static Artifact parse(String id) {
        String[] part = id.split(":");
        if (id.contains("${")) {
            throw new IllegalArgumentException(id + ": no such property in the root pom");
        }
        return switch (part.length) {
            case 3 -> new Artifact(part[0], part[1], part[2], "");
            case 5 -> new Artifact(part[0], part[1], part[4], part[3]);
            default -> throw new IllegalArgumentException(id + ": not group:name:version");
        };
    }

    /** Where a repository in Maven's layout keeps it. */
    Path in(Path repository) {
        return repository
                .resolve(group.replace('.', '/'))
                .resolve(name)
                .resolve(version)
                .resolve(jarName());
    }

    /** What the distribution calls it. */
    String fileName() {
        return group.equals(OURS) ? OURS + "." + jarName() : jarName();
    }

    /** True when the jar can be installed in a framework. */
    static boolean isBundle(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null;
        }
    }

    private String jarName() {
        return name + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
    }

    @Override
    public String toString() {
        return group + ":" + name + ":" + (classifier.isEmpty() ? "" : "jar:" + classifier + ":") + version;
    }
}
