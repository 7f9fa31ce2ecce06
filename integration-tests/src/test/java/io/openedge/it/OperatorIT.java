package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What an operator does with the commands of a gateway that runs, and of one that does not. */
public class OperatorIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Test
    public void aServiceIsRestartedAndAnInstanceStartedAndStopped() throws Exception {
        gateway.start().expect(0);
        String before =
                gateway.instance("localhub").orElseThrow().path("start_time").asText();

        assertThat(openedge("restart", "localhub").expect(0).out()).isEqualTo("service localhub is restarted\n");
        gateway.awaitState("localhub", "running");
        assertThat(gateway.instance("localhub").orElseThrow().path("start_time").asText())
                .isNotEqualTo(before);

        assertThat(openedge("start-instance", "function-sayhi36", "by.hand", "A=1")
                        .expect(0)
                        .out())
                .startsWith("instance by.hand of service function-sayhi36 is started");
        assertThat(gateway.instance("by.hand")).isPresent();
        assertThat(openedge("status").expect(0).out()).containsPattern("(?m)^function-sayhi36 by.hand +running");
        openedge("stop-instance", "function-sayhi36", "by.hand").expect(0);
        assertThat(gateway.instance("by.hand")).isEmpty();
        openedge("stop-instance", "function-sayhi36", "by.hand").expect(0);

        assertThat(openedge("restart", "ghost").expect(1).err())
                .contains("ghost", "there are localhub, function-manager, function-sayhi27, function-sayhi36");
    }

    @Test
    public void theLogsOfAServiceAreFoundWhereverTheyAre() throws Exception {
        gateway.edit(
                gateway.db("function-manager-conf/service.yml"),
                text -> text + "logger: {path: var/log/openedge/manager.log, format: json}\n");
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace(
                                "{name: function-manager-conf, path: etc/openedge, readonly: true}",
                                "{name: function-manager-conf, path: etc/openedge, readonly: true}\n"
                                        + "      - {name: manager-log, path: var/log/openedge}")
                        .replace(
                                "volumes:\n",
                                "volumes:\n  - {name: manager-log, path: var/db/openedge/manager-log}\n"));
        gateway.start().expect(0);

        assertThat(openedge("logs", "localhub").expect(0).out())
                .contains(" service.localhub.localhub - ", String.valueOf(gateway.port()))
                .doesNotContain("io.openedge.master", "function-manager");
        gateway.stop().expect(0);
        assertThat(gateway.db("manager-log/manager.log")).isNotEmptyFile();
        assertThat(openedge("logs", "function-manager").expect(0).out())
                .isEqualTo(Files.readString(gateway.db("manager-log/manager.log")));
        assertThat(openedge("logs", "localhub", "-n", "1").expect(0).out()).hasLineCount(1);
        assertThat(openedge("logs", "ghost").expect(1).err()).contains("there are localhub, function-manager");
    }

    @Test
    public void logsAreFollowedWhileTheGatewayGoesOn() throws Exception {
        gateway.start().expect(0);
        Path out = gateway.work().resolve("followed");
        Process follower = new ProcessBuilder(line("logs", "localhub", "-f", "-n", "0"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            await().atMost(LIMIT).until(() -> {
                openedge("restart", "localhub").expect(0);
                return Files.readString(out).contains(" service.localhub.localhub - ");
            });
            assertThat(follower.isAlive()).isTrue();
        } finally {
            follower.destroy();
            follower.waitFor();
        }
    }

    @Test
    public void theMachineIsLookedAtWithAndWithoutTheGateway() throws Exception {
        boolean python2 = Python.two();
        Outcome stopped = openedge("check").expect(python2 ? 0 : 1);
        assertThat(stopped.out())
                .contains("ok   java ", "ok   gateway         it does not run")
                .contains("ok   ports           service localhub: port " + gateway.port() + " of 127.0.0.1 is free")
                .contains("ok   engines         engine osgi is in this installation")
                .contains("ok   python          service function-sayhi36: ")
                .contains((python2 ? "ok  " : "FAIL") + " python          service function-sayhi27: ");
        gateway.start().expect(0);
        assertThat(openedge("check", "--json").expect(python2 ? 0 : 1).out())
                .startsWith("{\"fit\":" + python2 + ",\"checks\":[{\"check\":\"java\",\"level\":\"ok\"")
                .contains("it runs: process " + gateway.pid().orElseThrow());
    }

    private Outcome openedge(String verb, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(verb, "-w", gateway.work().toString()));
        all.addAll(List.of(words));
        return gateway.command(all.toArray(String[]::new));
    }

    private List<String> line(String verb, String... words) {
        List<String> all = new ArrayList<>(List.of(
                Distribution.home().resolve("bin/openedge").toString(),
                verb,
                "-w",
                gateway.work().toString()));
        all.addAll(List.of(words));
        return all;
    }
}
