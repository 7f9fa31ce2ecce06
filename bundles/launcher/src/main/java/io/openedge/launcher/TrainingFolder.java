package io.openedge.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The work directory of a training run, a copy of lib/training of the installation. Its hub listens on a free port of
 * this machine alone, with a password of its own.
 *
 * @param path readable for nobody else
 */
record TrainingFolder(Path path) {
    private static final Path OPTIONS = Path.of("etc/openedge/jvm.options");

    static TrainingFolder make(Path path, Settings settings) throws IOException {
        CacheFolder.delete(path);
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        TrainingFolder folder = new TrainingFolder(path);
        Files.createDirectory(folder.archives());
        String port = freePort();
        String password = UUID.randomUUID().toString();
        Path template = settings.home().resolve("lib/training");
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = path.resolve(template.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.writeString(
                        target, Files.readString(file).replace("@PORT@", port).replace("@PASSWORD@", password));
            }
        }
        Path options = settings.workdir().resolve(OPTIONS);
        if (Files.exists(options)) {
            Files.write(path.resolve(OPTIONS), Files.readAllBytes(options));
        }
        return folder;
    }

    /** What the run makes. */
    Path archives() {
        return path.resolve("archives");
    }

    /** What the run says. */
    Path output() {
        return path.resolve("output");
    }

    String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(output());
        return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
    }

    private static String freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(free.getLocalPort());
        }
    }
}
