package io.openedge.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Makes {@code lib/openedge/IMAGE}, the package with which the native engine runs a module: package.yml and the program that
 * it names. The program is module.sh, or the script whose name the image begins with, with the image put in.
 *
 * @param scripts the folder of the scripts
 * @param installation where to make them
 */
record ModulePackages(Path scripts, Path installation) {
    private static final String END = ".sh";

    void make(String image) throws IOException {
        Path folder = installation.resolve("lib/openedge").resolve(image);
        Path program = Files.createDirectories(folder.resolve("bin")).resolve(image);
        Files.writeString(program, Files.readString(script(image)).replace("@IMAGE@", image));
        Files.writeString(folder.resolve("package.yml"), "entry: bin/" + image + "\nready: true\n");
    }

    private Path script(String image) throws IOException {
        try (Stream<Path> files = Files.list(scripts)) {
            return files.filter(file -> image.startsWith(stem(file)))
                    .findFirst()
                    .orElse(scripts.resolve("module" + END));
        }
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replace(END, "");
    }
}
