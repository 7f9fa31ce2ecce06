package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A function in Java that a user writes, in a package of its service. */
public class HelloFunctionIT {
    @ClassRule
    public static final TemporaryFolder BUILDS = new TemporaryFolder();

    private static final int MESSAGES = 600;

    private static Path one;
    private static Path two;

    @Rule
    public final Gateway gateway = Gateway.of(ExampleBundle.workOfFunction());

    @BeforeClass
    public static void buildTheFunctionAsItsReaderDoes() throws Exception {
        ExampleBundle function = ExampleBundle.function(BUILDS.getRoot().toPath());
        one = function.build("1.0.0");
        two = function.build("2.0.0");
    }

    @Before
    public void start() throws Exception {
        PackageFolder.make(gateway, "temperature-package", "1.0.0", one);
        gateway.start().expect(0);
    }

    @Test
    public void messagesAreComputedInTheFramework() throws Exception {
        gateway.awaitState("function-temperature.fahrenheit.1", "running");
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("fahrenheit");
            user.publish("celsius", "100");
            assertThat(user.awaitMessage("fahrenheit", "212")).isEqualTo("{\"fahrenheit\": 212.0, \"by\": \"1.0.0\"}");
            user.publish("celsius", "warm");
            assertThat(user.awaitMessage("fahrenheit", "no number"))
                    .contains("\"errorMessage\"")
                    .contains("no number: warm");
        }
    }

    @Test
    public void anUpdateSwapsTheFunctionAndEveryMessageIsAnswered() throws Exception {
        PackageFolder.make(gateway, "temperature-package", "2.0.0", two);
        Path next = Files.createDirectories(gateway.db("next")).resolve("application.yml");
        Files.writeString(
                next, Files.readString(gateway.db("application.yml")).replaceAll("([/-])1\\.0\\.0", "$12.0.0"));
        try (HubClient user = new HubClient(gateway.port());
                HubClient asking = new HubClient(gateway.port())) {
            user.subscribe("fahrenheit");
            asking.publish("celsius", "100");
            user.awaitMessage("fahrenheit", "212");
            CompletableFuture<Outcome> update = CompletableFuture.supplyAsync(this::update);
            for (int celsius = 1000; celsius < 1000 + MESSAGES || !update.isDone(); celsius++) {
                asking.publish("celsius", String.valueOf(celsius));
            }
            update.join().expect(0);
            asking.publish("celsius", "-40");
            assertThat(user.awaitMessage("fahrenheit", "-40.0")).contains("\"by\": \"2.0.0\"");
            await("all answers")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> answers(user, "1.0.0") + answers(user, "2.0.0") >= asking.published());
            assertThat(answers(user, "1.0.0")).isPositive();
            assertThat(user.received()).noneMatch(line -> line.contains("errorMessage"));
        }
    }

    private static long answers(HubClient user, String version) {
        return user.received().stream()
                .filter(line -> line.contains("\"by\": \"" + version + "\""))
                .distinct()
                .count();
    }

    private Outcome update() {
        try {
            return gateway.command(
                    "update", "var/db/openedge/next", "-w", gateway.work().toString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
