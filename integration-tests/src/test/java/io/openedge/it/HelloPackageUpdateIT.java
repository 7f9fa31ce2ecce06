package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Updates that bring another version of a package: swapped, broken, put back, removed, while the hub and its clients go on. */
public class HelloPackageUpdateIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 20);
    private static final int WARM = 6;

    @ClassRule
    public static final TemporaryFolder BUILDS = new TemporaryFolder();

    private static Path one;
    private static Path two;

    @Rule
    public final Gateway gateway = Gateway.of(ExampleBundle.workOfModule());

    private HubClient user;
    private JsonNode hub;

    @BeforeClass
    public static void buildTheModuleAsItsReaderDoes() throws Exception {
        ExampleBundle module = ExampleBundle.module(BUILDS.getRoot().toPath());
        one = module.build("1.0.0");
        two = module.build("2.0.0");
    }

    @Before
    public void startWithVersionOne() throws Exception {
        PackageFolder.make(gateway, "hello-package", "1.0.0", one);
        Files.copy(
                gateway.db("hello-app/application.yml"),
                gateway.db("application.yml"),
                StandardCopyOption.REPLACE_EXISTING);
        gateway.start().expect(0);
        hub = gateway.instance("localhub").orElseThrow();
        user = new HubClient(gateway.port()).subscribe("greetings");
        assertThat(ask("at first")).endsWith("version 1.0.0");
    }

    @After
    public void theHubHasNotNoticed() throws Exception {
        user.publish("greetings", "still connected");
        user.awaitMessage("greetings", "still connected");
        user.close();
        JsonNode now = gateway.instance("localhub").orElseThrow();
        assertThat(now.path("start_time")).isEqualTo(hub.path("start_time"));
        assertThat(now.path("restarts")).isEqualTo(hub.path("restarts"));
    }

    @Test
    public void thePackageIsSwapped() throws Exception {
        PackageFolder.make(gateway, "hello-package", "2.0.0", two);
        application("2.0.0");

        assertThat(update("--dry-run").expect(0).out())
                .containsPattern("swap +hello +volume 'hello-package': path .*1\\.0\\.0 -> .*2\\.0\\.0")
                .containsPattern("keep +localhub");
        assertThat(ask("before")).endsWith("version 1.0.0");

        update().expect(0);

        assertThat(ask("after")).endsWith("version 2.0.0");
        assertThat(bundles()).containsExactly("hello-module 2.0.0");
        gateway.kill9();
        gateway.start().expect(0);
        user.close();
        user = new HubClient(gateway.port()).subscribe("greetings");
        hub = gateway.instance("localhub").orElseThrow();
        assertThat(ask("after a crash")).endsWith("version 2.0.0");
    }

    @Test
    public void aBundleThatDoesNotResolveIsRefusedAndNothingStops() throws Exception {
        Path broken = JarCopy.of(two, jar("unresolved"), Map.of("+Import-Package", "org.example.missing"));
        PackageFolder.make(gateway, "hello-package", "2.0.0", broken);
        application("2.0.0");
        JsonNode hello = gateway.instance("hello").orElseThrow();

        Outcome update = update().expect(1);

        assertThat(update.err())
                .contains("refused")
                .contains("hello-module 2.0.0 of its package does not resolve: nothing offers package"
                        + " org.example.missing");
        assertThat(gateway.instance("hello").orElseThrow().path("start_time")).isEqualTo(hello.path("start_time"));
        assertThat(ask("after")).endsWith("version 1.0.0");
        assertThat(bundles()).containsExactly("hello-module 1.0.0");
    }

    @Test
    public void aModuleThatDoesNotStartIsPutBack() throws Exception {
        Path broken = JarCopy.without("org/example/hello/HelloModule$Hello.class", two, jar("unstartable"));
        PackageFolder.make(gateway, "hello-package", "2.0.0", broken);
        application("2.0.0");

        Outcome update = update().expect(1);

        assertThat(update.err()).contains("rolled back").contains("HelloModule$Hello");
        assertThat(ask("after")).endsWith("version 1.0.0");
        assertThat(bundles()).containsExactly("hello-module 1.0.0");
        assertThat(gateway.inspect().path("software").path("conf_version").asText())
                .isEqualTo("package-1.0.0");
    }

    @Test
    public void aPackageThatIsNotNamedAnyMoreGoes() throws Exception {
        PackageFolder.make(gateway, "hello-package", "2.0.0", two);
        application("2.0.0");
        update().expect(0);
        gateway.edit(
                gateway.db("hello-app/application.yml"),
                text -> text.replaceFirst("(?s)  - name: hello\n.*(?=volumes:)", "")
                        .replace("package-2.0.0", "without-1"));

        update().expect(0);

        assertThat(bundles()).isEmpty();
        assertThat(gateway.instance("hello")).isEmpty();
        assertThat(stored()).as("the previous application names it").isNotEmpty();
        gateway.edit(gateway.db("hello-app/application.yml"), text -> text.replace("without-1", "without-2"));
        update().expect(0);
        assertThat(stored()).isEmpty();
    }

    /** {@code -Dopenedge.rounds=500} for the whole of it. */
    @Test
    public void swapsLeaveNoClassLoaderThreadSocketOrFileBehind() throws Exception {
        long pid = gateway.pid().orElseThrow();
        PackageFolder.make(gateway, "hello-package", "2.0.0", two);
        gateway.edit(gateway.db("hello-app/application.yml"), text -> text.replace("window: 5s", "window: 100ms"));
        gateway.edit(gateway.db("application.yml"), text -> text.replace("window: 5s", "window: 100ms"));
        Held first = null;
        for (int round = 1; round <= ROUNDS; round++) {
            String version = (round % 2 + 1) + ".0.0";
            application(version);
            gateway.call("PUT", "/v1/operator/update", "{\"path\": \"var/db/openedge/hello-app\"}")
                    .expect(0);
            assertThat(ask("round " + round + "!")).endsWith("version " + version);
            if (round == WARM) {
                first = Held.by(pid, gateway.work());
            }
        }
        Held warm = first;
        await("no more than after the first " + WARM + " swaps: " + warm)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(Held.by(pid, gateway.work()))
                        .as("after %d swaps", ROUNDS)
                        .matches(now -> now.atMost(warm), "at most " + warm));
    }

    /** The application with the package of that version, waiting to be taken. */
    private void application(String version) {
        gateway.edit(
                gateway.db("hello-app/application.yml"),
                text -> text.replaceAll("package([/-])\\d\\.0\\.0", "package$1" + version));
    }

    private Outcome update(String... options) throws Exception {
        List<String> words = Stream.concat(
                        Stream.of(
                                "update",
                                "var/db/openedge/hello-app",
                                "-w",
                                gateway.work().toString()),
                        Stream.of(options))
                .toList();
        return gateway.command(words.toArray(String[]::new));
    }

    private static Path jar(String name) {
        return BUILDS.getRoot().toPath().resolve(name + ".jar");
    }

    /** Those of packages in the framework. */
    private List<String> bundles() throws Exception {
        String list = gateway.command("shell", "-w", gateway.work().toString(), "lb -s hello-module")
                .expect(0)
                .out();
        return list.lines()
                .filter(line -> line.contains("hello-module ("))
                .map(line -> line.replaceFirst(".*(hello-module) \\(([^)]*)\\).*", "$1 $2"))
                .toList();
    }

    private List<Path> stored() throws IOException {
        Path folder = gateway.work().resolve("var/lib/openedge/packages/hello");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Asks until it is answered: an instance that runs may still be on its way to the hub. */
    private String ask(String name) {
        await("an answer to " + name)
                .atMost(Duration.ofSeconds(30))
                .until(() -> user.publish("names", name).received().stream().anyMatch(line -> line.contains(name)));
        return user.awaitMessage("greetings", name);
    }
}
