package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Packs a bundle as a package in a volume, as docs/modules.md says. */
final class PackageFolder {
    private PackageFolder() {}

    /** The volume is var/db/openedge/NAME/VERSION of the work directory. */
    static Path make(Gateway gateway, String name, String version, Path jar) throws IOException {
        Path folder = gateway.db(name).resolve(version);
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("package.yml"), "bundles: [lib/" + jar.getFileName() + "]\n");
        return folder;
    }
}
