package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.Rule;
import org.junit.Test;

/** An application written for the native mode of the old releases loads; its modules serve inside the framework. */
public class OldNativeIT {
    @Rule
    public final Gateway gateway = Gateway.ofOld("old-native");

    @Test
    public void inItsOwnModeTheGatewayIsUpAndNamesTheEngineThatIsNotThere() throws Exception {
        run("native");

        Outcome start = gateway.start().expect(3);

        assertThat(start.err()).contains("localhub").contains("engine 'native'");
        assertThat(gateway.inspect().path("software").path("conf_version").asText())
                .isEqualTo("v0");
    }

    @Test
    public void insideTheFrameworkItRoutesAndAnswers() throws Exception {
        run("osgi");
        Files.writeString(
                Files.createDirectories(gateway.db("openedge-hub")).resolve("package.yml"),
                "entry: bin/openedge-hub\n");

        gateway.start();

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"id\": 1}");
            assertThat(user.awaitMessage("t/topic")).isEqualTo("{\"id\": 1}");
            assertThat(user.awaitMessage("t/py2hi")).contains(Python.two() ? "python27-sayhi" : "python2.7");
            assertThat(user.awaitMessage("t/py3hi")).contains("python36-sayhi");
        }
        assertThat(gateway.logs())
                .contains("ssl://0.0.0.0:8883")
                .contains("the package that is mounted for openedge-hub");
    }

    private void run(String mode) {
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"),
                text -> text.replace("mode: native", "mode: " + mode)
                        + "pidfile: var/run/openedge/openedge.pid\n"
                        + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n");
    }
}
