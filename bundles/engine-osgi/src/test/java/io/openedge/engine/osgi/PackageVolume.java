package io.openedge.engine.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The folder of a volume that holds a package. */
final class PackageVolume {
    private final Path folder;
    private final List<String> bundles = new ArrayList<>();

    PackageVolume(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** Adds a jar and its line in package.yml. */
    PackageVolume with(String file, BundleJar jar) throws IOException {
        jar.write(folder.resolve(file));
        return named(file);
    }

    PackageVolume named(String file) throws IOException {
        if (!bundles.contains(file)) {
            bundles.add(file);
        }
        StringBuilder yaml = new StringBuilder("bundles:\n");
        bundles.forEach(name -> yaml.append("  - ").append(name).append('\n'));
        Files.writeString(folder.resolve("package.yml"), yaml);
        return this;
    }

    Path folder() {
        return folder;
    }
}
