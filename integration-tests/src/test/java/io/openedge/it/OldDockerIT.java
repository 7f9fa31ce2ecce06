package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** An application written for the docker mode of the old releases runs unchanged, in its own mode and inside the framework. */
@RunWith(Parameterized.class)
public class OldDockerIT {
    @ClassRule
    public static final ModuleImages IMAGES = new ModuleImages();

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(name = "{0}")
    public static List<String> modes() {
        return List.of("osgi", "docker");
    }

    @Parameter
    public String mode;

    @Rule
    public final Gateway gateway = Gateway.ofOld("old-docker");

    @Before
    public void onlyModeAddressAndPidFileChange() {
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"),
                text -> text.replace("mode: docker", "mode: " + mode)
                        + "pidfile: var/run/openedge/openedge.pid\n"
                        + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n");
    }

    /** As if they had been pulled from the registry that the application names. */
    @Before
    public void tagImages() throws Exception {
        String registry = "hub.example.com/openedge/";
        ModuleImages.name("openedge-hub", registry + "openedge-hub:latest");
        ModuleImages.name("openedge-function-manager", registry + "openedge-function-manager:0.1.4");
        ModuleImages.name(
                "openedge-function-python36", "hub.example.com:5000/openedge/openedge-function-python36:0.1.4");
        if (Python.two()) {
            ModuleImages.name("openedge-function-python27", registry + "openedge-function-python27:latest");
        }
    }

    @Test
    public void routesAnswersAndTicks() throws Exception {
        gateway.start().expect(0);
        assertThat(gateway.inspect().path("software").path("conf_version").asText())
                .isEqualTo("V2");

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").subscribe("tick").publish("t", "{\"id\": 1}");

            assertThat(user.awaitMessage("t/topic")).isEqualTo("{\"id\": 1}");
            if (Python.two()) {
                answersWith(user.awaitMessage("t/py2hi"), "python27-sayhi", 0);
            } else {
                assertThat(user.awaitMessage("t/py2hi"))
                        .contains("errorMessage")
                        .contains("python27");
            }
            answersWith(user.awaitMessage("t/py3hi"), "python36-sayhi", 1);

            JsonNode tick = JSON.readTree(user.awaitMessage("tick"));
            assertThat(tick.path("id").asInt()).isEqualTo(1);
            assertThat(tick.path("time").asLong())
                    .isBetween(
                            Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        }
        gateway.stop().expect(0);
    }

    @Test
    public void anExceptionComesAsTheErrorMessageOfOld() throws Exception {
        gateway.start().expect(0);

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"err\": \"broken pipe\"}");

            JsonNode error = JSON.readTree(user.awaitMessage("t/py3hi"));
            assertThat(error.path("errorType").asText()).isEqualTo("*status.statusError");
            assertThat(error.path("errorMessage").asText())
                    .startsWith("rpc error: code = Unknown desc = Exception calling application: ('[UserCodeInvoke] ',")
                    .contains("broken pipe");
            JsonNode message = error.path("functionMessage");
            assertThat(Base64.getDecoder().decode(message.path("Payload").asText()))
                    .asString()
                    .isEqualTo("{\"err\": \"broken pipe\"}");
            assertThat(message.path("Topic").asText()).isEqualTo("t");
            assertThat(message.path("QOS").asInt(-1)).isEqualTo(1);
            assertThat(message.path("ID").asInt(-1)).isZero();
            assertThat(message.path("FunctionName").asText()).isEqualTo("python36-sayhi");
            assertThat(user.awaitMessage("t/py2hi"))
                    .contains("errorMessage")
                    .contains(Python.two() ? "broken pipe" : "python27");
        }
    }

    private static void answersWith(String payload, String function, int qos) throws Exception {
        JsonNode answer = JSON.readTree(payload);
        assertThat(answer.path("id").asInt()).isEqualTo(1);
        assertThat(answer.path("functionName").asText()).isEqualTo(function);
        assertThat(answer.path("functionInvokeID").asText()).matches("[0-9a-f-]{36}");
        assertThat(answer.path("messageQOS").asInt(-1)).isEqualTo(qos);
        assertThat(answer.path("messageTopic").asText()).isEqualTo("t");
        assertThat(answer.path("messageTimestamp").asLong()).isPositive();
        assertThat(answer.path("sayhi").asText()).isEqualTo("你好，世界！");
    }
}
