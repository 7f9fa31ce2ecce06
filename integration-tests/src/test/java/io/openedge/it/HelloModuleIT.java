package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A module that a user writes: installed, started, swapped and removed from the shell while everything else goes on. */
public class HelloModuleIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 40);
    private static final int WARM = 10;

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
    public void startWithoutTheModule() throws Exception {
        Files.copy(one, gateway.work().resolve("hello-1.jar"));
        Files.copy(two, gateway.work().resolve("hello-2.jar"));
        Outcome start = gateway.start().expect(3);
        assertThat(start.err()).contains("instance hello is pending: no bundle offers the module 'hello'");
    }

    @Test
    public void theWalkThroughOfTheReadme() throws Exception {
        JsonNode hub = gateway.instance("localhub").orElseThrow();
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("greetings");
            assertThat(shell("install file:hello-1.jar")).startsWith("Bundle ID: ");
            shell("start hello-module");
            gateway.awaitState("hello", "running");
            assertThat(ask(user, "edge")).isEqualTo("Hello edge, this is version 1.0.0");

            assertThat(shell("update hello-module file:hello-2.jar")).isEqualTo("hello-module 2.0.0\n");
            assertThat(ask(user, "again")).isEqualTo("Hello again, this is version 2.0.0");
            assertThat(gateway.instance("hello").orElseThrow().path("reason").asText())
                    .isEmpty();

            shell("uninstall hello-module");
            gateway.awaitState("hello", "pending");
            user.publish("greetings", "the hub goes on");
            user.awaitMessage("greetings", "the hub goes on");
        }
        JsonNode after = gateway.instance("localhub").orElseThrow();
        assertThat(after.path("start_time")).isEqualTo(hub.path("start_time"));
        assertThat(after.path("restarts")).isEqualTo(hub.path("restarts"));
        assertThat(gateway.command("shell", "-w", gateway.work().toString(), "start hello-module")
                        .code())
                .isOne();
    }

    @Test
    public void whatWasInstalledIsThereAfterTheNextStart() throws Exception {
        shell("start file:hello-1.jar");
        shell("update hello-module file:hello-2.jar");
        Files.delete(gateway.work().resolve("hello-1.jar"));
        Files.delete(gateway.work().resolve("hello-2.jar"));
        gateway.kill9();

        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port())) {
            assertThat(ask(user.subscribe("greetings"), "old friend")).endsWith("version 2.0.0");
        }
        shell("uninstall hello-module");
        gateway.stop().expect(0);
        gateway.start().expect(3);
    }

    /** {@code -Dopenedge.rounds=500} for the whole of it. */
    @Test
    public void swapsLeaveNoClassLoaderThreadSocketOrFileBehind() throws Exception {
        long pid = gateway.pid().orElseThrow();
        try (Shell shell = new Shell(gateway.work());
                HubClient user = new HubClient(gateway.port())) {
            user.subscribe("greetings");
            shell.type("start file:hello-1.jar");
            ask(user, "who makes the session that the hub keeps");
            Held first = null;
            for (int round = 1; round <= ROUNDS; round++) {
                int version = round % 2 + 1;
                shell.type("update hello-module file:hello-" + version + ".jar");
                user.publish("names", "round " + round + "!");
                assertThat(user.awaitMessage("greetings", "round " + round + "!"))
                        .endsWith("version " + version + ".0.0");
                if (round == WARM) {
                    first = Held.by(pid, gateway.work());
                }
            }
            Held tenth = first;
            await("no more than after the first " + WARM + " swaps: " + tenth)
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(Held.by(pid, gateway.work()))
                            .as("after %d swaps", ROUNDS)
                            .matches(now -> now.atMost(tenth), "at most " + tenth));
        }
    }

    /** Asks until it is answered: an instance that runs may still be on its way to the hub. */
    private static String ask(HubClient user, String name) {
        await("an answer to " + name)
                .atMost(Duration.ofSeconds(30))
                .until(() -> user.publish("names", name).received().stream().anyMatch(line -> line.contains(name)));
        return user.awaitMessage("greetings", name);
    }

    private String shell(String command) throws Exception {
        return gateway.command("shell", "-w", gateway.work().toString(), command)
                .expect(0)
                .out();
    }
}
