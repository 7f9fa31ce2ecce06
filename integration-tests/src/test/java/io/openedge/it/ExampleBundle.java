package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * A bundle of the examples, built as its reader builds it: by Maven, on its own. What {@code mvn install} would have put into
 * the local repository is given to it as a repository of files; everything else comes from the local repository of this
 * build. Nothing is downloaded, and neither checkout nor local repository are changed.
 */
final class ExampleBundle {
    private static final String VERSION = System.getProperty("openedge.version");

    private final String name;
    private final Path folder;

    /** @param folder for repositories and builds */
    private ExampleBundle(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    static ExampleBundle module(Path folder) {
        return new ExampleBundle("hello-module", folder);
    }

    static ExampleBundle function(Path folder) {
        return new ExampleBundle("hello-function", folder);
    }

    /** The work directory that names the module. */
    static Path workOfModule() {
        return source("hello-module").resolve("work");
    }

    /** The work directory that names the function. */
    static Path workOfFunction() {
        return source("hello-function").resolve("work");
    }

    private static Path source(String name) {
        return Distribution.project().resolve("example").resolve(name);
    }

    /** Builds a version; answers its jar. */
    Path build(String version) throws IOException, InterruptedException {
        publishApi();
        Path build = folder.resolve("build-" + version);
        copy(source(name).resolve("src"), build.resolve("src"));
        Files.copy(source(name).resolve("pom.xml"), build.resolve("pom.xml"));
        Path settings = folder.resolve("settings.xml");
        Files.writeString(settings, settings());
        Outcome.of(
                        new ProcessBuilder(
                                System.getProperty("openedge.maven") + "/bin/mvn",
                                "-B",
                                "-ntp",
                                "-o",
                                "-Daether.offline.protocols=file",
                                "-s",
                                settings.toString(),
                                "-Dmaven.repo.local=" + folder.resolve("repository"),
                                "-Drevision=" + version,
                                "-f",
                                build.resolve("pom.xml").toString(),
                                "package"),
                        folder)
                .expect(0);
        return build.resolve("target/" + name + "-" + version + ".jar");
    }

    private void publishApi() throws IOException {
        publish(Distribution.project().resolve("pom.xml"), "openedge", "pom");
        publish(Distribution.project().resolve("bundles/pom.xml"), "bundles", "pom");
        publish(Distribution.project().resolve("bundles/api/pom.xml"), "api", "pom");
        publish(Distribution.home().resolve("bundles/io.openedge.api-" + VERSION + ".jar"), "api", "jar");
    }

    private void publish(Path file, String artifact, String type) throws IOException {
        Path place = folder.resolve("installed/io/openedge/" + artifact + "/" + VERSION);
        Files.createDirectories(place);
        Files.copy(file, place.resolve(artifact + "-" + VERSION + "." + type), StandardCopyOption.REPLACE_EXISTING);
    }

    private String settings() {
        String installed = repository("repository", folder.resolve("installed").toString());
        String local = System.getProperty("openedge.repository");
        return "<settings><profiles><profile><id>files</id><repositories>" + installed + repository("repository", local)
                + "</repositories><pluginRepositories>" + repository("pluginRepository", local)
                + "</pluginRepositories></profile></profiles>"
                + "<activeProfiles><activeProfile>files</activeProfile></activeProfiles></settings>";
    }

    private static String repository(String element, String folder) {
        return "<" + element + "><id>" + folder.replaceAll("[^A-Za-z0-9]", "-") + "</id><url>file://" + folder
                + "</url><releases><checksumPolicy>ignore</checksumPolicy></releases></" + element + ">";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
