package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

    private static Path one;

    @Rule
    public final Gateway gateway = Gateway.of(ExampleBundle.workOfFunction());

    @BeforeClass
    public static void buildTheFunctionAsItsReaderDoes() throws Exception {
        ExampleBundle function = ExampleBundle.function(BUILDS.getRoot().toPath());
        one = function.build("1.0.0");
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
}
