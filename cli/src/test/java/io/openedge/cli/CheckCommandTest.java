package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** check on work directories that are fit, and on those that are not for one reason each. */
public class CheckCommandTest {
    private static final String HUB =
            "services:\n  - name: hub\n    image: openedge-hub\n    mounts: [{name: conf, path: etc/openedge}]\n";
    private static final String VOLUMES = "volumes: [{name: conf, path: var/db/openedge/conf}]\n";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path home;
    private Path work;
    private Clock clock = Clock.systemUTC();
    private int port;

    @Before
    public void aFitMachine() throws Exception {
        home = folder.newFolder("home").toPath();
        work = folder.newFolder("work").toPath();
        write(home, "features/engine-osgi.list", "bundle x.jar\nengine osgi\n");
        write(home, "features/engine-docker.list", "engine docker\n");
        write(home, "features/engine-native.list", "engine native\n");
        gateway("");
        application(HUB + VOLUMES);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        service("listen: [tcp://127.0.0.1:" + port + "]\n");
        System.setProperty("openedge.home", home.toString());
    }

    @After
    public void clear() {
        System.clearProperty("openedge.home");
    }

    @Test
    public void everythingIsAsItShouldBe() {
        Run check = check();
        assertThat(check.err()).isEmpty();
        assertThat(check.code()).isZero();
        assertThat(check.out())
                .containsPattern("(?m)^ok   java            Java \\d+")
                .contains("ok   clock ", "ok   memory ", " disk ", "inodes are free")
                .contains("ok   folders         " + work + " can be written to by user ")
                .contains("ok   gateway         it does not run")
                .contains("ok   openedge.yml    " + work.resolve("etc/openedge/openedge.yml") + " is valid, mode osgi")
                .contains("is valid, services: 1")
                .contains("ok   service.yml     service hub: " + work.resolve("var/db/openedge/conf/service.yml"))
                .contains("ok   api             unix://" + work)
                .contains("ok   ports           service hub: port " + port + " of 127.0.0.1 is free")
                .contains("ok   engines         engine osgi is in this installation")
                .doesNotContain("FAIL", "warn", "docker", "python", "hosts");
    }

    @Test
    public void theSameForPrograms() {
        assertThat(check("--json").out())
                .startsWith("{\"fit\":true,\"checks\":[{\"check\":\"java\",\"level\":\"ok\",\"text\":\"Java ");
    }

    @Test
    public void filesThatAreWrong() throws Exception {
        gateway("gracee: 3s\n");
        service("listen: [tcp://127.0.0.1:1\n");
        Run check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.err()).isEqualTo("openedge: this machine is not fit: service.yml\n");
        assertThat(check.out())
                .containsPattern("(?m)^warn openedge.yml    .*openedge.yml:\\d+: gracee: ")
                .containsPattern("(?m)^FAIL service.yml     service hub: .*service.yml:\\d+: is not YAML");

        application("services: [{name: hub}]\n");
        assertThat(check().out()).containsPattern("(?m)^FAIL application.yml .*application.yml:1: services\\[0].image");
        Files.delete(work.resolve("var/db/openedge/application.yml"));
        assertThat(check().out()).contains("application.yml is not there: no service runs until it is");
        Files.delete(work.resolve("etc/openedge/openedge.yml"));
        Run none = check();
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).contains("FAIL openedge.yml ", "ok   java ");
    }

    @Test
    public void portsThatAreTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Run check = check();
            assertThat(check.code()).isEqualTo(1);
            assertThat(check.out())
                    .contains("FAIL ports           service hub: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is taken: ss -ltnp tells by whom");
        }
        service("listen: ['tcp://:" + port + "', 'wss://0.0.0.0:" + port + "/mqtt', 'tcp://[::1]:99999']\n");
        assertThat(check().out())
                .contains("ok   ports           service hub: port " + port + " is free")
                .contains("FAIL ports           service hub: port " + port
                        + " is taken by another service of this application");
        gateway("server: {address: 'tcp://127.0.0.1:" + port + "'}\n");
        assertThat(check().out()).contains("ok   ports           the API: port " + port + " of 127.0.0.1 is free");
    }

    @Test
    public void certificatesByTheirDates() throws Exception {
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-subj",
                        "/CN=hub",
                        "-days",
                        "100",
                        "-keyout",
                        "key.pem",
                        "-out",
                        "cert.pem")
                .directory(work.resolve("var/db/openedge/conf").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(openssl.waitFor()).isZero();
        service("certificate: {cert: etc/openedge/cert.pem, key: etc/openedge/key.pem}\n");
        Path cert = work.resolve("var/db/openedge/conf/cert.pem");
        assertThat(check().out())
                .contains("ok   certificates    service hub: certificate.cert: " + cert + " is valid until ");

        clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(80));
        Run soon = check();
        assertThat(soon.code()).isZero();
        assertThat(soon.out())
                .containsPattern(
                        "(?m)^warn certificates    .*cert.pem expires on .*, in (19|20) days: replace it before");

        clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(101));
        assertThat(check().out()).containsPattern("(?m)^FAIL certificates    .*cert.pem has expired on .*: replace it");

        clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));
        assertThat(check().out()).containsPattern("(?m)^FAIL certificates    .* is not valid before .*: is the clock");

        service("hub: {ca: etc/openedge/none.pem}\ncertificate: {cert: etc/openedge/key.pem}\n");
        assertThat(check().out())
                .contains("service hub: hub.ca: " + work.resolve("var/db/openedge/conf/none.pem")
                        + ": there is no such file")
                .contains("key.pem: holds no certificate");
    }

    @Test
    public void aClockThatWasNeverSet() {
        clock = Clock.fixed(Instant.parse("1970-01-01T00:01:00Z"), ZoneOffset.UTC);
        Run check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("FAIL clock           the clock says 1970-01-01T00:01:00Z: set it");
    }

    @Test
    public void whatOtherProcessesLeft() throws Exception {
        Path pidFile = work.resolve("var/run/openedge/openedge.pid");
        write(work, "var/run/openedge/openedge.pid", ProcessHandle.current().pid() + "\n");
        Run check = check();
        assertThat(check.code()).isZero();
        assertThat(check.out())
                .contains("warn gateway         " + pidFile + " names process "
                        + ProcessHandle.current().pid() + " (")
                .contains("), which is not the gateway: the next start replaces the file");
        Files.writeString(pidFile, "999999999\n");
        assertThat(check().out()).contains("it does not run; " + pidFile + " was left by one that was killed");
        write(work, "var/run/openedge/openedge.sock", "no socket");
        assertThat(check().out()).contains("openedge.sock is there and is no socket: remove it");
    }

    @Test
    public void aSocketPathThatIsTooLong() throws Exception {
        gateway("server: {address: 'unix://" + "d/".repeat(60) + "s.sock'}\n");
        Run check = check();
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("s.sock is too long for a socket: the API is served at /");
    }

    @Test
    public void aFolderForEverybody() throws Exception {
        Files.setPosixFilePermissions(work.resolve("etc/openedge"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(check().out()).contains("can be written to by everybody: chmod o-w ");
    }

    @Test
    public void dockerOnlyWhereItIsNeeded() throws Exception {
        application(
                "services:\n  - {name: db, image: redis, engine: docker, ports: ['127.0.0.1:" + port + ":1', '2']}\n");
        Path socket = folder.getRoot().toPath().resolve("docker.sock");
        assertThat(check().out())
                .contains("ok   engines         engine docker is in this installation")
                .contains("ok   ports           service db: port " + port + " of 127.0.0.1 is free")
                .containsPattern(
                        "(ok   docker          Docker answers|FAIL docker          Docker is needed and not reached)");
        assertThat(socket).doesNotExist();
        Files.delete(home.resolve("features/engine-docker.list"));
        Run missing = check();
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out())
                .contains("FAIL engines         engine docker is not in this installation")
                .contains("there are native, osgi");
    }

    @Test
    public void anInterpreterThatReallyRuns() throws Exception {
        application(HUB.replace("openedge-hub", "registry/openedge-function-python27:1") + "    env: {PATH: " + work
                + "/bin}\n" + VOLUMES);
        service("functions: []\n");
        Run none = check();
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out())
                .contains("FAIL python          service hub: no Python for openedge-function-python27 runs here; tried"
                        + " python2.7, python2: install one, or name it by python: in ");

        script("bin/python2.7", "echo no such version >&2; exit 127");
        script("bin/python2", "echo 2.7.18");
        assertThat(check().out())
                .contains("ok   python          service hub: " + work + "/bin/python2 is Python 2.7.18");

        service("python: " + work + "/bin/own\n");
        script("bin/own", "echo 2.7.9");
        assertThat(check().out()).contains("/bin/own is Python 2.7.9");
    }

    @Test
    public void aPythonThatIsToServeByItself() throws Exception {
        String application =
                HUB.replace("openedge-hub", "openedge-function-python36") + "    engine: native\n" + VOLUMES;
        application(application);
        service("python: " + work + "/bin/own\nfunctions: []\n");
        script("bin/own", "case $2 in *grpc*) echo no module >&2; exit 1 ;; esac; echo 3.11.2");
        Run without = check();
        assertThat(without.code()).isZero();
        assertThat(without.out())
                .contains("warn python          service hub: " + work
                        + "/bin/own is Python 3.11.2 without grpcio: each instance needs a Java process beside its"
                        + " Python: install it (Debian: python3-grpcio, for /usr/bin/python3, which python: in ")
                .contains("or let the service have engine: osgi");

        script("bin/own", "echo 3.11.2");
        assertThat(check().out())
                .contains("ok   python          service hub: " + work
                        + "/bin/own is Python 3.11.2 with grpcio: it serves");

        application(application.replace("native", "osgi"));
        assertThat(check().out()).contains(work + "/bin/own is Python 3.11.2\n");
    }

    @Test
    public void namesForProgramsThatAreNotOurs() throws Exception {
        application("services:\n  - {name: a-hub-of-no-host, image: openedge-hub, engine: osgi}\n"
                + "  - {name: old-thing, image: thing, engine: native}\n");
        Run check = check();
        assertThat(check.code()).isZero();
        assertThat(check.out())
                .contains("warn hosts           the programs of old-thing do not find services by name: if they should,"
                        + " add a line to /etc/hosts: 127.0.0.1 a-hub-of-no-host old-thing");
    }

    @Test
    public void aUserThatNobodyCanBecome() throws Exception {
        application("services: [{name: thing, image: thing, engine: native, user: nobody-of-that-name}]\n");
        Run check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .contains("FAIL users           service thing cannot run as user nobody-of-that-name")
                .containsAnyOf("this host does not know it: add it", "only a gateway that runs as root");
    }

    @Test
    public void aServiceHasOneFindingOfItsUserWhateverItsEngine() throws Exception {
        application("services: [{name: f, image: openedge-function-python36, engine: osgi, user: '2147483647'}]\n");
        assertThat(check().out().lines().filter(line -> line.contains("2147483647")))
                .singleElement(STRING)
                .startsWith("FAIL users           service f cannot run as user 2147483647");

        application("services: [{name: f, image: openedge-function-python36, engine: osgi, user: '2147483646'}]\n");
        assertThat(check().out().lines().filter(line -> line.contains("2147483646")))
                .singleElement(STRING)
                .containsAnyOf(
                        "ok   users           service f: functions run as user 2147483646",
                        "only a gateway that runs as root",
                        "there is no setpriv");
    }

    private Run check(String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        try {
            List<String> words = new ArrayList<>(List.of("-w", work.toString()));
            words.addAll(List.of(options));
            List<Option> known = List.of(Option.WORKDIR, Option.CONF, new Option("--json", "", ""));
            int code = new CheckVerb(clock).run(Arguments.parse(known, words), console);
            return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void gateway(String more) throws Exception {
        String server = more.startsWith("server") ? "" : "server: {address: unix://var/run/openedge/openedge.sock}\n";
        write(
                work,
                "etc/openedge/openedge.yml",
                "mode: osgi\npidfile: var/run/openedge/openedge.pid\n" + server + more);
    }

    private void application(String text) throws Exception {
        write(work, "var/db/openedge/application.yml", text);
    }

    private void service(String text) throws Exception {
        write(work, "var/db/openedge/conf/service.yml", text);
    }

    private void script(String path, String line) throws Exception {
        write(work, path, "#!/bin/sh\n" + line + "\n");
        assertThat(work.resolve(path).toFile().setExecutable(true)).isTrue();
    }

    private static void write(Path root, String path, String text) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
