package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A module that a user ships as a package, in a volume of its service. */
public class HelloPackageIT {
    @ClassRule
    public static final TemporaryFolder BUILDS = new TemporaryFolder();

    private static Path one;
    private static Path two;

    @Rule
    public final Gateway gateway = Gateway.of(ExampleBundle.workOfModule());

    @BeforeClass
    public static void buildTheModuleAsItsReaderDoes() throws Exception {
        ExampleBundle module = ExampleBundle.module(BUILDS.getRoot().toPath());
        one = module.build("1.0.0");
        two = module.build("2.0.0");
    }

    @Before
    public void packVersionOne() throws Exception {
        PackageFolder.make(gateway, "hello-package", "1.0.0", one);
        Files.copy(
                gateway.db("hello-app/application.yml"),
                gateway.db("application.yml"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    public void anotherServiceOfTheImageDoesNotGetThePackage() throws Exception {
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replaceFirst("volumes:", "  - {name: bare, image: hello, replica: 1}\nvolumes:"));

        Outcome start = gateway.start().expect(3);

        assertThat(start.err()).contains("instance bare is pending: no bundle offers the module 'hello'");
        assertThat(ask("edge")).isEqualTo("Hello edge, this is version 1.0.0");
    }

    @Test
    public void servicesHaveDifferentAndEqualVersionsAtTheSameTime() throws Exception {
        PackageFolder.make(gateway, "hello-package", "2.0.0", two);
        addService("more1", "1.0.0");
        addService("more2", "2.0.0");
        addService("more3", "2.0.0");

        gateway.start().expect(0);

        assertThat(ask("edge")).endsWith("version 1.0.0");
        assertThat(ask("names/more1", "one")).endsWith("version 1.0.0");
        assertThat(ask("names/more2", "two")).endsWith("version 2.0.0");
        assertThat(ask("names/more3", "three")).endsWith("version 2.0.0");
    }

    @Test
    public void aPackageThatChangedInItsVolumeIsTakenAtTheNextStart() throws Exception {
        gateway.start().expect(0);
        assertThat(ask("first")).endsWith("version 1.0.0");
        PackageFolder.make(gateway, "hello-package", "1.0.0", two);
        gateway.command("restart", "hello", "-w", gateway.work().toString()).expect(0);
        assertThat(ask("second")).as("what runs does not change").endsWith("version 1.0.0");
        gateway.kill9();

        gateway.start().expect(0);

        assertThat(ask("third")).endsWith("version 2.0.0");
    }

    @Test
    public void aBundleThatDoesNotResolveIsThatServicesFailureOnly() throws Exception {
        Path broken = JarCopy.of(
                two, BUILDS.getRoot().toPath().resolve("broken.jar"), Map.of("+Import-Package", "org.example.missing"));
        PackageFolder.make(gateway, "hello-package", "1.0.0", broken);

        gateway.start().expect(3);

        await("the reason, between two tries")
                .atMost(Duration.ofSeconds(30))
                .until(() -> gateway.instance("hello")
                        .orElseThrow()
                        .path("reason")
                        .asText()
                        .contains("hello-module 2.0.0 of its package does not resolve: nothing offers package"
                                + " org.example.missing"));
        assertThat(HubClient.reachable(gateway.port())).isTrue();
    }

    /** Another service of the image, with a package of its own; it listens to names/NAME. */
    private void addService(String name, String version) throws Exception {
        Path conf = Files.createDirectories(gateway.db(name + "-conf")).resolve("service.yml");
        Files.writeString(
                conf,
                Files.readString(gateway.db("hello-conf/service.yml"))
                        .replace("listen: names", "listen: names/" + name));
        String service = """
                  - name: NAME
                    image: hello
                    replica: 1
                    mounts: [{name: NAME-conf, path: etc/openedge}, {name: NAME-package, path: lib/openedge/hello}]
                volumes:
                  - {name: NAME-conf, path: var/db/openedge/NAME-conf}
                  - {name: NAME-package, path: var/db/openedge/hello-package/VERSION}
                """;
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace("volumes:\n", service.replace("NAME", name).replace("VERSION", version)));
    }

    private String ask(String name) {
        return ask("names", name);
    }

    private String ask(String topic, String name) {
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("greetings");
            await("an answer to " + name)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> user.publish(topic, name).received().stream().anyMatch(line -> line.contains(name)));
            return user.awaitMessage("greetings", name);
        }
    }
}
