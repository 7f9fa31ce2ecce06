package io.openedge.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Feature files become lists and folders, or the build fails with the reason. */
public class FeatureListsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path features;
    private Path repository;
    private Path scripts;
    private Path installation;

    @Before
    public void folders() throws IOException {
        features = folder.newFolder("json").toPath();
        repository = folder.newFolder("repository").toPath();
        scripts = folder.newFolder("scripts").toPath();
        Files.writeString(scripts.resolve("module.sh"), "run @IMAGE@\n");
        installation = folder.getRoot().toPath().resolve("installation");
    }

    @Test
    public void aFeatureBecomesAListInItsOrderAndAFolderOfJars() throws IOException {
        jar("io.openedge:hub:1.0", true);
        jar("org.lib:lib:2", true);
        feature("hub", "\"org.lib:lib:2\"}, {\"id\": \"io.openedge:hub:1.0\"", "openedge-images", "openedge-hub");

        make();

        assertThat(installation.resolve("features/hub.list"))
                .hasContent("# Made by the build from features/hub.json\nimage openedge-hub\n"
                        + "bundle lib-2.jar\nbundle io.openedge.hub-1.0.jar");
        assertThat(installation.resolve("bundles/lib-2.jar")).exists();
        assertThat(installation.resolve("bundles/io.openedge.hub-1.0.jar")).exists();
    }

    @Test
    public void aBundleOfTwoFeaturesAndAClassPathIsListedInEachAndStoredOnce() throws IOException {
        jar("org.lib:lib:2", true);
        jar("org.plain:plain:3", false);
        feature("a", "\"org.lib:lib:2\"", "openedge-engines", "osgi");
        feature("b", "\"org.lib:lib:2\"", "openedge-images", "b");
        Files.writeString(
                features.resolve("cli.json"),
                "{\"name\": \"cli\", \"extensions\": {\"class-path\": {\"type\": \"artifacts\", \"artifacts\":"
                        + " [\"org.plain:plain:3\", {\"id\": \"org.lib:lib:2\"}]}}}");

        make();

        assertThat(installation.resolve("features/a.list")).content().contains("engine osgi\nbundle lib-2.jar");
        assertThat(installation.resolve("features/b.list")).content().contains("bundle lib-2.jar");
        assertThat(installation.resolve("lib/cli.classpath")).hasContent("lib/plain-3.jar\nbundles/lib-2.jar");
        assertThat(installation.resolve("lib/lib-2.jar")).doesNotExist();
        assertThat(installation.resolve("features/cli.list")).doesNotExist();
    }

    @Test
    public void aModuleBecomesAPackageWithItsProgram() throws IOException {
        jar("org.lib:lib:2", true);
        feature("a", "\"org.lib:lib:2\"", "openedge-images", "our-hub");
        feature("b", "\"org.lib:lib:2\"", "openedge-images", "our-python36");
        Files.writeString(scripts.resolve("our-python.sh"), "special @IMAGE@\n");

        make();

        Path packages = installation.resolve("lib/openedge");
        assertThat(packages.resolve("our-hub/package.yml")).hasContent("entry: bin/our-hub\nready: true");
        assertThat(packages.resolve("our-hub/bin/our-hub")).hasContent("run our-hub");
        assertThat(packages.resolve("our-python36/bin/our-python36")).hasContent("special our-python36");
    }

    @Test
    public void whatAModuleNeedsAloneIsInItsList() throws IOException {
        jar("org.lib:lib:2", true);
        feature("a", "\"org.lib:lib:2\"", "openedge-alone", "b");

        make();

        assertThat(installation.resolve("features/a.list")).content().contains("alone b\nbundle lib-2.jar");
    }

    @Test
    public void anArtifactThatTheBuildDoesNotHaveFailsIt() throws IOException {
        feature("a", "\"org.lib:lib:2\"", "openedge-images", "a");

        assertThatThrownBy(this::make).hasMessageContaining("a: org.lib:lib:2 is not in the build");
    }

    @Test
    public void anArtifactThatNoFeatureNamesFailsTheBuild() throws IOException {
        jar("org.lib:lib:2", true);
        jar("org.lib:forgotten:2", true);
        feature("a", "\"org.lib:lib:2\"", "openedge-images", "a");

        assertThatThrownBy(this::make).hasMessageContaining("forgotten-2.jar is in the build, and no feature names it");
    }

    @Test
    public void aPlainJarInAFeatureFailsTheBuild() throws IOException {
        jar("org.plain:plain:3", false);
        feature("a", "\"org.plain:plain:3\"", "openedge-images", "a");

        assertThatThrownBy(this::make).hasMessageContaining("a: org.plain:plain:3 is no OSGi bundle");
    }

    @Test
    public void aVersionWithoutAPropertyFailsTheBuild() throws IOException {
        feature("a", "\"org.lib:lib:${lib.version}\"", "openedge-images", "a");

        assertThatThrownBy(this::make).hasMessageContaining("no such property in the root pom");
    }

    private void make() throws IOException {
        FeatureLists.make(features, repository, scripts, installation);
    }

    private void feature(String name, String ids, String extension, String text) throws IOException {
        Files.writeString(
                features.resolve(name + ".json"),
                "{\"name\": \"" + name + "\", /* a comment */ \"bundles\": [{\"id\": " + ids + "}], \"extensions\": {\""
                        + extension + "\": {\"type\": \"text\", \"text\": [\"" + text + "\"]}}}");
    }

    private void jar(String id, boolean bundle) throws IOException {
        Path jar = Artifact.parse(id).in(repository);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (bundle) {
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", "x");
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream ignored = new JarOutputStream(out, manifest)) {
            assertThat(jar).exists();
        }
    }
}
