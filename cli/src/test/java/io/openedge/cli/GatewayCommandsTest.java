package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** start, status and stop with processes that hold pid file and socket as the gateway does. */
public class GatewayCommandsTest {
    private static final String WAITING =
            "{\"name\":\"hub\",\"status\":\"pending\",\"reason\":\"waits for module openedge-hub\"}";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path work;
    private Path pidFile;

    @Before
    public void install() throws Exception {
        Path home = folder.newFolder("home").toPath();
        work = folder.newFolder("work").toPath();
        pidFile = work.resolve("var/run/openedge/openedge.pid");
        Path script = Files.createDirectories(home.resolve("bin")).resolve("openedge");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' io.openedge.cli.FakeGateway \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(work.resolve("etc/openedge"));
        Files.writeString(
                work.resolve("etc/openedge/openedge.yml"),
                "mode: osgi\ngrace: 1s\npidfile: var/run/openedge/openedge.pid\n"
                        + "server:\n  address: unix://var/run/openedge/openedge.sock\n");
        System.setProperty("openedge.home", home.toString());
        behave("well");
    }

    @After
    public void stop() {
        command("stop", "-t", "0");
        System.clearProperty("openedge.home");
    }

    @Test
    public void aGatewayIsStartedSeenAndStopped() {
        Run start = command("start");
        assertThat(start).isEqualTo(new Run(0, start.out(), ""));
        assertThat(start.out()).matches("the gateway is up: process \\d+\n");
        assertThat(command("status").out()).contains("hub              hub                  running");
        assertThat(command("status", "--json").out()).startsWith("{\"time\":").endsWith("]}]}\n");
        Run stop = command("stop");
        assertThat(stop).isEqualTo(new Run(0, stop.out(), ""));
        assertThat(stop.out()).startsWith("the gateway has stopped: process ");
        assertThat(pidFile).doesNotExist();
    }

    @Test
    public void servicesAndInstancesAreStartedAndStopped() throws Exception {
        command("start");
        assertThat(command("restart", "hub")).isEqualTo(new Run(0, "service hub is restarted\n", ""));
        assertThat(command("start-instance", "hub", "hub.x", "A=1", "B=two=2"))
                .isEqualTo(new Run(0, "instance hub.x of service hub is started: 127.0.0.1:5001\n", ""));
        assertThat(command("stop-instance", "hub", "hub.x"))
                .isEqualTo(new Run(0, "instance hub.x of service hub is stopped\n", ""));
        assertThat(Files.readString(work.resolve("requests")))
                .isEqualTo("PUT /v1/operator/services/hub/restart \n"
                        + "PUT /v1/services/hub/instances/hub.x/start {\"A\":\"1\",\"B\":\"two=2\"}\n"
                        + "PUT /v1/services/hub/instances/hub.x/stop \n");
    }

    @Test
    public void anUpdateIsShownMadeAndGivenUp() throws Exception {
        command("start");
        assertThat(command("update", "--dry-run", "next"))
                .isEqualTo(new Run(
                        0,
                        "update from V1 to V2\n"
                                + "  keep   hub                   unchanged\n"
                                + "  swap   timer                 volume 'x': version 1 -> 2\n",
                        "openedge: warning: a.yml:1: servces: unknown key\n"));
        assertThat(command("update", "--dry-run", "--json", "next").out()).startsWith("{\"from\":\"V1\",\"to\":\"V2\"");
        assertThat(command("update", "next")).isEqualTo(new Run(0, "application V2 runs\n", ""));
        assertThat(command("update", "--json").out()).isEqualTo("{\"outcome\":\"committed\",\"version\":\"V2\"}\n");
        assertThat(command("update", "--cancel").code()).isZero();
        assertThat(command("update", "a", "b").code()).isEqualTo(2);
        assertThat(command("update", work.resolve("etc").toString()).code()).isZero();
        assertThat(Files.readString(work.resolve("requests")))
                .isEqualTo("PUT /v1/operator/update/plan {\"path\":\"next\"}\n"
                        + "PUT /v1/operator/update/plan {\"path\":\"next\"}\n"
                        + "PUT /v1/operator/update {\"path\":\"next\"}\n"
                        + "PUT /v1/operator/update {}\n"
                        + "PUT /v1/operator/update/cancel \n"
                        + "PUT /v1/operator/update {\"path\":\"" + work.resolve("etc") + "\"}\n");
    }

    @Test
    public void anUpdateThatFailedBeforeIsToldAndNoFailureOfTheStart() throws Exception {
        behave("failed update");
        Run start = command("start");
        assertThat(start.code()).isZero();
        assertThat(start.err()).isEqualTo("openedge: the update failed\n");
    }

    @Test
    public void anUpdateThatIsRolledBackIsNoSuccess() throws Exception {
        behave("rolls back");
        command("start");
        assertThat(command("update", "next"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "openedge: the update was rolled back, application V1 is the one that counts: timer failed\n"));
    }

    @Test
    public void whatTheGatewayRefusesIsTold() throws Exception {
        command("start");
        assertThat(command("restart", "ghost"))
                .isEqualTo(new Run(1, "", "openedge: there is no service 'ghost'; there are hub\n"));
        assertThat(command("start-instance", "broken", "broken.i1"))
                .isEqualTo(new Run(1, "", "openedge: instance broken.i1: it fell over\n"));
    }

    @Test
    public void aConfigurationThatIsBrokenWhileTheGatewayRunsBarsNobodyFromIt() throws Exception {
        command("start");
        Path conf = work.resolve("etc/openedge/openedge.yml");
        for (String text : List.of("mode: [", "pidfile: elsewhere.pid")) {
            Files.writeString(conf, text);
            assertThat(command("status").out()).as(text).contains("running");
        }
        Files.delete(conf);
        assertThat(command("restart", "hub").code()).isZero();

        assertThat(command("stop").out()).startsWith("the gateway has stopped: process ");

        assertThat(pidFile).doesNotExist();
        assertThat(command("status").err()).as("none runs: the file counts").contains("there is no such file");
    }

    @Test
    public void aSecondStartIsRefused() throws Exception {
        command("start");
        Run second = command("start");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err())
                .contains("a gateway already runs: process "
                        + Files.readString(pidFile).strip());
        assertThat(command("status").code()).as("the first goes on").isZero();
    }

    @Test
    public void anInstanceThatIsNotUpIsNamed() throws Exception {
        behave(WAITING);
        Run start = command("start");
        assertThat(start.code()).isEqualTo(3);
        assertThat(start.err()).isEqualTo("openedge: instance hub is pending: waits for module openedge-hub\n");
    }

    @Test
    public void ofVeryManyInstancesThatAreNotUpTheFirstAreNamed() throws Exception {
        behave(String.join(",", Collections.nCopies(1000, WAITING)));
        Run start = command("start");
        assertThat(start.code()).isEqualTo(3);
        assertThat(start.err().lines())
                .hasSize(21)
                .last()
                .isEqualTo("openedge: and 980 more; 'openedge status' tells all");
    }

    @Test
    public void anInstanceThatEndedByItsPolicyIsFine() throws Exception {
        behave("{\"name\":\"hub\",\"status\":\"stopped\",\"reason\":\"ended with code 0\"}");
        assertThat(command("start").code()).isZero();
    }

    @Test
    public void aGatewayThatDiesTellsWhy() throws Exception {
        behave("dies");
        Run start = command("start");
        assertThat(start.code()).isEqualTo(1);
        assertThat(start.err()).contains("exit code 0:\n  first line\n  no bundle offers master");
        Run again = command("start");
        assertThat(again.err().split("first line", -1))
                .as("only what it said now")
                .hasSize(2);
    }

    @Test
    public void aGatewayThatGivesItsReasonIsNotDrownedInItsLog() throws Exception {
        behave("refuses");
        assertThat(command("start"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "openedge: the gateway ended with exit code 0: the API cannot be served: the port is taken\n"));
    }

    @Test
    public void aClockThatWasNeverSetIsToldAndNoHindrance() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Arguments arguments = Arguments.parse(List.of(Option.WORKDIR), List.of("-w", work.toString()));
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        assertThat(new StartVerb(clock).run(arguments, new Console(stream, stream, false)))
                .isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("openedge: the clock says 1970-01-01T00:00:00Z: it was never set");
    }

    @Test
    public void theWaitForInstancesThatDoNotSettleEnds() throws Exception {
        behave("unsettled");
        Run start = command("start", "--wait", "3");
        assertThat(start.code()).as("it is up, and what it shows is fine").isZero();
    }

    @Test
    public void whatADeadGatewayLeftIsNoHindrance() throws Exception {
        Files.createDirectories(pidFile.getParent());
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(pidFile.resolveSibling("operator.sock")));
        }
        Run start = command("start");
        assertThat(start.code()).isZero();
        assertThat(start.err())
                .isEqualTo("openedge: the old pid file " + pidFile + " names process "
                        + ProcessHandle.current().pid() + ", which is not the gateway: the file is replaced\n");
    }

    @Test
    public void aStrangerOfThatNumberIsNotSignalled() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.createDirectories(pidFile.getParent());
            Files.writeString(pidFile, stranger.pid() + "\n");
            Run stop = command("stop");
            assertThat(stop.code()).isEqualTo(1);
            assertThat(stop.err()).contains("is not running");
            assertThat(stranger.isAlive()).isTrue();
            assertThat(pidFile).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    public void aGatewayThatDoesNotStopIsKilled() throws Exception {
        behave("deaf");
        command("start");
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        Run stop = command("stop", "-t", "1");
        assertThat(stop.code()).isZero();
        assertThat(stop.err()).contains("did not stop within 1 s and was killed");
        await().atMost(Duration.ofSeconds(10)).until(() -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    public void whereNothingRuns() {
        String[][] lines = {{"status"}, {"stop"}, {"restart", "hub"}, {"stop-instance", "hub", "hub"}};
        for (String[] line : lines) {
            Run run = command(line[0], Arrays.copyOfRange(line, 1, line.length));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("openedge: the gateway of " + work + " is not running\n");
        }
    }

    @Test
    public void whatCannotBeReadIsNamed() throws Exception {
        assertThat(Run.of("status", "-w", "/no/such").err()).contains("/no/such: there is no such work directory");
        assertThat(command("status", "-c", "none.yml").err()).contains(work + "/none.yml: there is no such file");
        Files.writeString(work.resolve("bad.yml"), "mode: [");
        Run bad = command("start", "-c", "bad.yml");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err()).contains("bad.yml");
    }

    private void behave(String behaviour) throws Exception {
        Files.writeString(work.resolve("behaviour"), behaviour);
    }

    private Run command(String verb, String... options) {
        String[] words = new String[options.length + 3];
        words[0] = verb;
        words[1] = "-w";
        words[2] = work.toString();
        System.arraycopy(options, 0, words, 3, options.length);
        return Run.of(words);
    }
}
