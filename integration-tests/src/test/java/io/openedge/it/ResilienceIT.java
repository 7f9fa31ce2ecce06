package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What goes wrong on a running gateway ends in service again, and in a clear word. */
public class ResilienceIT {
    @Rule
    public final Gateway gateway = Gateway.ofExample();

    /** A function that says its process, and on demand hangs the first time it is called. */
    @Before
    public void aFunctionThatHangsOnce() throws IOException {
        Files.writeString(
                gateway.db("function-sayhi-code/index.py"),
                String.join(
                        "\n",
                        "import os, sys, time",
                        "def handler(event, context):",
                        "    marker = event.get('hangs_unless')",
                        "    if marker and sys.version_info[0] == 3 and not os.path.exists(marker):",
                        "        with open(marker, 'w') as f:",
                        "            f.write(str(os.getpid()))",
                        "        time.sleep(3600)",
                        "    return {'id': event.get('id'), 'pid': os.getpid()}",
                        ""));
    }

    @Test
    public void aWorkerKilledInTheMiddleOfACallIsReplacedAndTheMessageAnswered() throws Exception {
        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port())) {
            Path marker = gateway.work().resolve("marker");
            user.subscribe("t/py3hi").publish("t", "{\"id\": 1, \"hangs_unless\": \"" + marker + "\"}");
            await("the function hangs")
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            Files.exists(marker) && !Files.readString(marker).isEmpty());
            long worker = Long.parseLong(Files.readString(marker));

            assertThat(ProcessHandle.of(worker).orElseThrow().destroyForcibly()).isTrue();

            assertThat(user.awaitMessage("t/py3hi")).contains("\"id\": 1").doesNotContain("\"pid\": " + worker + "}");
        }
        assertThat(gateway.logs()).contains("signal 9");
    }

    @Test
    public void theHubIsStoppedAndBackAndFunctionsAnswerAgain() throws Exception {
        gateway.start().expect(0);
        answers("before");

        gateway.call("PUT", "/v1/services/localhub/instances/localhub/stop", "").expect(0);
        assertThat(HubClient.reachable(gateway.port())).isFalse();
        assertThat(gateway.instance("function-manager")
                        .orElseThrow()
                        .path("status")
                        .asText())
                .isEqualTo("running");

        gateway.call("PUT", "/v1/services/localhub/instances/localhub/start", "{}")
                .expect(0);
        answers("after");
    }

    @Test
    public void aPortThatIsTakenIsSaidAndTheHubComesWhenItIsFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(gateway.port(), 1, InetAddress.getLoopbackAddress())) {
            Outcome start = gateway.start().expect(3);
            assertThat(start.err()).contains("localhub").contains("tcp://127.0.0.1:" + gateway.port());
            assertThat(gateway.instance("function-manager")
                            .orElseThrow()
                            .path("status")
                            .asText())
                    .isEqualTo("running");
            assertThat(taken.isBound()).isTrue();
        }
        gateway.awaitState("localhub", "running");
        answers("then");
    }

    @Test
    public void anSslListenerWhoseCertificateIsMissingIsNamedAndTheOthersServe() throws Exception {
        gateway.edit(
                gateway.db("localhub-conf/service.yml"),
                text -> text.replace(
                        "listen:",
                        "certificate: {cert: var/db/openedge/cert/server.pem, key: var/db/openedge/cert/server.key}\n"
                                + "listen:\n  - ssl://127.0.0.1:8883"));

        gateway.start().expect(0);

        answers("plain");
        assertThat(gateway.logs())
                .containsPattern(
                        "ERROR.*ssl://127\\.0\\.0\\.1:8883: .*var/db/openedge/cert/server\\.pem: there is no such file.*allowed");
    }

    @Test
    public void afterKill9TheGatewayStartsAgainAndServes() throws Exception {
        gateway.start().expect(0);
        answers("first");

        gateway.kill9();

        assertThat(gateway.command("status", "-w", gateway.work().toString()).code())
                .isEqualTo(1);
        gateway.start().expect(0);
        answers("second");
        gateway.stop().expect(0);
        assertThat(gateway.pid()).isEmpty();
        assertThat(gateway.db("application.stats")).doesNotExist();
        assertThat(gateway.work().resolve("var/run/openedge/services"))
                .satisfiesAnyOf(
                        services -> assertThat(services).doesNotExist(),
                        services -> assertThat(services).isEmptyDirectory());
    }

    @Test
    public void aSecondStartIsRefusedAndTheFirstGoesOn() throws Exception {
        gateway.start().expect(0);
        long pid = gateway.pid().orElseThrow();

        assertThat(gateway.start().expect(1).err()).contains("already runs").contains(String.valueOf(pid));

        assertThat(gateway.pid()).contains(pid);
        answers("still");
    }

    @Test
    public void aWrongValueIsNamedWithFileLineAndKeyAndTheOthersServe() throws Exception {
        gateway.edit(gateway.db("function-manager-conf/service.yml"), text -> text.replace("max: 10", "max: ten"));

        Outcome start = gateway.start().expect(3);

        assertThat(start.err()).contains("function-manager");
        String reason = gateway.instance("function-manager")
                .orElseThrow()
                .path("reason")
                .asText();
        assertThat(reason)
                .contains("service.yml:")
                .contains("functions[0].instance.max")
                .contains("'ten'");
        assertThat(HubClient.reachable(gateway.port())).isTrue();
    }

    @Test
    public void anImageThatNoFeatureBringsIsPendingAndTheOthersServe() throws Exception {
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace(
                        "\nservices:", "\nservices:\n  - {name: stranger, image: nobody-brings-this, replica: 1}"));

        Outcome start = gateway.start().expect(3);

        assertThat(start.err())
                .contains("stranger")
                .contains("pending")
                .contains("nobody-brings-this")
                .doesNotContain("localhub");
        assertThat(gateway.instance("stranger").orElseThrow().path("status").asText())
                .isEqualTo("pending");
        answers("meanwhile");
    }

    @Test
    public void aCutApplicationIsAnErrorAndNotAnEmptyApplication() throws Exception {
        gateway.edit(gateway.db("application.yml"), text -> text.substring(0, text.indexOf("mounts:")) + "mounts: [");

        Outcome start = gateway.start();

        assertThat(start.code()).isNotZero();
        assertThat(gateway.inspect().path("error").asText()).contains("application.yml:");
    }

    @Test
    public void aBrokenGatewayConfigurationEndsTheStartWithItsLine() throws Exception {
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"), text -> text.replace("grace: 10s", "grace: soon"));

        assertThat(gateway.start().expect(1).err())
                .contains("openedge.yml:3")
                .contains("grace")
                .contains("soon");
    }

    private void answers(String id) {
        await("the hub is back").atMost(Duration.ofSeconds(30)).until(() -> HubClient.reachable(gateway.port()));
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/topic").subscribe("t/py3hi");
            // The manager may still be on its way back: what it does not see is published again.
            await("answers to " + id)
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        user.publish("t", "{\"id\": \"" + id + "\"}");
                        return user.received().stream()
                                        .filter(line -> line.contains("\"" + id + "\""))
                                        .map(line -> line.split(" ")[0])
                                        .distinct()
                                        .count()
                                == 2;
                    });
        }
    }
}
