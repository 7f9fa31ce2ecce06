package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.LIMIT;
import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.exit;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.MountSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.process.tree.ProcessTable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a program sees of the world in which it is started, and what the gateway sees of it. */
public class NativeEngineTest {
    @Rule
    public final Scene scene = new Scene();

    private NativeEngine engine;

    @Before
    public void makeEngine() {
        engine = scene.engine();
    }

    @Test
    public void aScriptRunsInItsServicesDirectoryWithItsArguments() throws Exception {
        scene.script(
                "greeter", "#!/usr/bin/env python3", "import os, sys", "print(os.getcwd(), sys.argv[1:], flush=True)");
        ServiceHandle service = scene.open(engine, service("hello", "greeter"));

        Instance run = service.start(instance("hello", "hello", "-c", "a b", "\"'$x"));

        assertThat(exit(run)).isEqualTo(new Exit.Normal());
        assertThat(scene.log("hello", "hello")).isEqualTo(scene.directory("hello") + " ['-c', 'a b', '\"\\'$x']\n");
        service.close();
        assertThat(scene.directory("hello")).doesNotExist();
    }

    @Test
    public void aProgramHasTheNameOfItsInstanceAndASessionOfItsOwn() throws Exception {
        Files.createSymbolicLink(
                Files.createDirectories(
                                scene.script("sleeper", "").volume("sleeper").resolve("bin"))
                        .resolve("real"),
                Path.of("sleep"));
        Files.copy(Path.of("/bin/sleep"), scene.volume("sleeper").resolve("bin/sleep"));
        Files.writeString(scene.volume("sleeper").resolve("package.yml"), "entry: bin/real\n");
        ServiceHandle service = scene.open(engine, service("s", "sleeper"));

        Instance run = service.start(instance("s", "s.i1", "60"));
        awaitRunning(run);

        long pid = ((InstanceRecord.Process) run.record().place()).id();
        assertThat(ProcessTable.ofHost().commandLine(pid)).isEqualTo("s.i1\00060\000");
        assertThat(ProcessTable.ofHost().find(pid).orElseThrow().session()).isEqualTo(pid);
        assertThat(((InstanceRecord.Process) run.record().place()).name()).isEqualTo("real");
        assertThat(run.record().bootId()).isNotEmpty();
        run.stop(Duration.ofSeconds(5));
        assertThat(exit(run)).isEqualTo(new Exit.Normal());
    }

    @Test
    public void itsEnvironmentIsTheGatewaysWithoutTheGatewaysOwnAndWithTheServices() throws Exception {
        scene.script(
                "env",
                "#!/usr/bin/python3",
                "import os",
                "for k in sorted(os.environ): print(k + '=' + os.environ[k])");
        ServiceHandle service = scene.open(engine, service("e", "env"));
        Map<String, String> own = Map.of(
                "A", "0777",
                "LD_LIBRARY_PATH", "/nowhere",
                "LC_ALL", "xx_YY.UTF-8",
                "BASH_ENV", "/nowhere",
                "my.dotted", "x y\nz",
                "EMPTY", "",
                "UID", "77");

        exit(service.start(instance("e", "e", own, false, Scene.GRACE)));

        String log = scene.log("e", "e");
        assertThat(log.lines())
                .contains(
                        "A=0777",
                        "LD_LIBRARY_PATH=/nowhere",
                        "LC_ALL=xx_YY.UTF-8",
                        "BASH_ENV=/nowhere",
                        "my.dotted=x y",
                        "z",
                        "EMPTY=",
                        "UID=77",
                        "OPENEDGE_HOME=" + scene.home(),
                        "OPENEDGE_JAVA_HOME=" + System.getProperty("java.home"),
                        "OPENEDGE_SERVICE_NAME=e",
                        "OPENEDGE_SERVICE_INSTANCE_NAME=e",
                        "PWD=" + scene.directory("e"),
                        "PATH=" + System.getenv("PATH"));
        assertThat(log)
                .doesNotContain("OPENEDGE_LAUNCH")
                .doesNotContain("warning")
                .doesNotContainPattern("(?m)^_?JAVA_");
    }

    @Test
    public void aProgramThatSaysWhenItWorksIsPendingUntilThenInEveryRun() throws Exception {
        scene.script(
                "slow",
                "#!/bin/sh",
                "[ ! -e \"$OPENEDGE_READY_FILE\" ] || exit 9",
                "while [ ! -e go ]; do sleep 0.05; done",
                ": >\"$OPENEDGE_READY_FILE\"",
                "exec sleep 60");
        Files.writeString(scene.volume("slow").resolve("package.yml"), "entry: bin/slow\nready: true\n");
        ServiceHandle service = scene.open(engine, service("s", "slow"));
        Instance run = service.start(instance("s", "s.i1"));

        Instance other = service.start(instance("s", "s.i2")); // began later: time has passed for the first one
        assertThat(run.running().toCompletableFuture()).isNotDone();
        Files.createFile(scene.directory("s").resolve("go"));
        awaitRunning(run);
        awaitRunning(other);

        run.stop(Scene.GRACE);
        Instance again = run.restart();
        awaitRunning(again);
        service.close();
    }

    @Test
    public void mountsAreLinksAndAVersionIsAFolder() throws Exception {
        scene.script("pack", "#!/bin/sh", "cat etc/openedge/word");
        Path versions = scene.volume("versions");
        Files.move(scene.volume("pack"), versions.resolve("1.2"));
        Files.writeString(scene.volume("conf").resolve("word"), "abracadabra");

        ServiceHandle service = scene.open(
                engine,
                new io.openedge.app.ServiceSpec(
                        "p",
                        "pack:1.2",
                        1,
                        List.of(
                                new MountSpec("versions", "/lib/openedge/pack", false),
                                new MountSpec("conf", "/etc/openedge", false)),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));

        assertThat(scene.directory("p").resolve("etc/openedge")).isSymbolicLink();
        exit(service.start(instance("p", "p")));
        assertThat(scene.log("p", "p")).isEqualTo("abracadabra");
    }

    @Test
    public void withoutAVolumeTheInstallationsPackageIsUsed() throws Exception {
        Path bin = Files.createDirectories(scene.home().resolve("lib/openedge/openedge-timer/bin"));
        Files.writeString(bin.resolve("openedge-timer"), "#!/bin/sh\necho ours $OPENEDGE_HOME\n");
        Files.writeString(bin.resolveSibling("package.yml"), "entry: bin/openedge-timer\n");
        ServiceHandle service = engine.open(
                new io.openedge.app.ServiceSpec(
                        "timer",
                        "hub.example.com:5000/openedge/openedge-timer:latest",
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                scene.volumes());

        exit(service.start(instance("timer", "timer")));

        assertThat(scene.log("timer", "timer")).isEqualTo("ours " + scene.home() + "\n");
    }

    @Test
    public void anImageWithoutAPackageIsNamedWithThePlacesThatWereLookedAt() {
        io.openedge.app.ServiceSpec nothing = new io.openedge.app.ServiceSpec(
                "x", "nothing:2", 1, null, null, null, null, null, null, null, null, null, null, null, null);

        assertThatThrownBy(() -> engine.open(nothing, scene.volumes()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("service 'x'")
                .hasMessageContaining("lib/openedge/nothing/2/package.yml")
                .hasMessageContaining(
                        scene.home().resolve("lib/openedge/nothing").toString());
        assertThat(engine.prepare(List.of(nothing), scene.volumes(), (name, what) -> {}))
                .containsOnlyKeys("x");
        assertThat(scene.directory("x")).doesNotExist();
    }

    @Test
    public void noEntryLeavesThePackageOrTheWorkDirectory() throws Exception {
        scene.script("p", "");
        Path pack = scene.volume("p");
        Files.createSymbolicLink(pack.resolve("bin/out"), Path.of("/bin/true"));
        Files.writeString(pack.resolveSibling("beside"), "");

        refusedEntry("bin/out", "leads out of the work directory through a link");
        refusedEntry("../beside", "leads out of the package");
        refusedEntry("bin", "is no file");
        refusedEntry("bin/missing", "is no file");
        refusedEntry("''", "entry is missing; allowed");
        refusedEntry("[1]", "package.yml:1");
    }

    private void refusedEntry(String entry, String why) throws Exception {
        Files.writeString(scene.volume("p").resolve("package.yml"), "entry: " + entry + "\n");
        assertThatThrownBy(() -> scene.open(engine, service("s", "p")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("package.yml");
        assertThat(engine.prepare(List.of(service("s", "p")), scene.volumes(), (name, what) -> {}))
                .containsOnlyKeys("s");
        assertThat(scene.directory("s")).doesNotExist();
    }

    @Test
    public void anEntryIsMadeExecutableForItsReadersAndNotWritableForAll() throws Exception {
        scene.script("p", "#!/bin/sh", "true");
        Path program = scene.volume("p").resolve("bin/p");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-rw-rw-"));

        engine.prepare(List.of(service("s", "p")), scene.volumes(), (name, what) -> {});
        assertThat(Files.isExecutable(program)).isFalse();
        scene.open(engine, service("s", "p")).close();

        Set<PosixFilePermission> now = Files.getPosixFilePermissions(program);
        assertThat(PosixFilePermissions.toString(now)).isEqualTo("rwxrwxr-x");
    }

    @Test
    public void endsAreToldInTheirWords() throws Exception {
        scene.script("ends", "#!/bin/sh", "echo first; echo the last word >&2", "eval \"$1\"");
        ServiceHandle service = scene.open(engine, service("e", "ends"));

        Exit code = exit(service.start(instance("e", "e", "exit 3")));
        assertThat(code).isEqualTo(new Exit.Code(3, "the last word"));
        assertThat(code.reason()).isEqualTo("exit code 3: the last word");
        assertThat(exit(service.start(instance("e", "e", "kill -9 $$")))).isEqualTo(new Exit.Signal(9));
        assertThat(exit(service.start(instance("e", "e", "kill -TERM $$")))).isEqualTo(new Exit.Signal(15));
    }

    @Test
    public void aProgramThatCannotBeExecutedNeverRunsAndSaysWhy() throws Exception {
        scene.script("bad", "#!/no/such/interpreter");
        ServiceHandle service = scene.open(engine, service("b", "bad"));

        Instance run = service.start(instance("b", "b"));

        assertThat(exit(run).reason()).contains("cannot be executed").contains("bin/bad");
        assertThat(run.running().toCompletableFuture()).isNotDone();
    }

    @Test
    public void anInstanceOnDemandWorksOnceItAnswersWhereItWasTold() throws Exception {
        scene.script(
                "server",
                "#!/usr/bin/env python3",
                "import os, socket, time",
                "a = os.environ['OPENEDGE_SERVICE_INSTANCE_ADDRESS']",
                "assert a == os.environ['OPENEDGE_SERVICE_ADDRESS']",
                "while not os.path.exists('var/db/openedge/go'): time.sleep(0.01)",
                "s = socket.socket(); s.bind((a.split(':')[0], int(a.split(':')[1]))); s.listen(5)",
                "time.sleep(60)");
        ServiceHandle service = scene.open(engine, service("f", "server"));
        Instance run = service.start(instance("f", "f.1", Map.of(), true, Duration.ofSeconds(5)));

        String address = run.address().orElseThrow();
        assertThat(address).startsWith("127.0.0.1:");
        await("the program runs").atMost(LIMIT).until(() -> commandLine(run).contains("python3"));
        assertThat(run.running().toCompletableFuture()).isNotDone();
        Files.writeString(scene.directory("f").resolve("var/db/openedge/go"), "");
        awaitRunning(run);

        run.stop(Duration.ofSeconds(5));
        Instance again = run.restart();
        assertThat(again.address()).contains(address);
        awaitRunning(again);
    }

    private static String commandLine(Instance run) {
        return ProcessTable.ofHost()
                .commandLine(((InstanceRecord.Process) run.record().place()).id());
    }

    @Test
    public void anAddressThatItsStarterChoseIsUsed() throws Exception {
        scene.script("nothing", "#!/bin/sh", "echo $OPENEDGE_SERVICE_INSTANCE_ADDRESS; exec sleep 60");
        ServiceHandle service = scene.open(engine, service("f", "nothing"));
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String address = "0.0.0.0:" + taken.getLocalPort();

            Instance run = service.start(
                    instance("f", "f.1", Map.of(InstanceSpec.ADDRESS, address), true, Duration.ofSeconds(5)));

            assertThat(run.address()).contains(address);
            awaitRunning(run);
            scene.awaitLog("f", "f.1", address);
        }
    }

    @Test
    public void aCommandRunsInsideTheInstance() throws Exception {
        scene.script("s", "#!/bin/sh", "echo ready; exec sleep 60");
        ServiceHandle service = scene.open(engine, service("s", "s"));
        Instance run = service.start(instance("s", "s", Map.of("A", "b"), false, Duration.ofSeconds(5)));
        scene.awaitLog("s", "s", "ready");

        assertThat(run.exec(List.of("sh", "-c", "[ $A = b ] && [ -d var/db/openedge ] && exit 7"), LIMIT))
                .isEqualTo(7);
        assertThat(run.exec(List.of("true"), LIMIT)).isZero();
        assertThat(run.exec(List.of("no-such-command"), LIMIT)).isEqualTo(127);
        assertThatThrownBy(() -> run.exec(List.of("sh", "-c", "sleep 61 & sleep 61"), Duration.ofMillis(200)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("did not end within 200 ms");
        assertThat(run.processes()).hasSize(1);
        run.stop(Duration.ofSeconds(5));
        assertThatThrownBy(() -> run.exec(List.of("true"), LIMIT)).hasMessageContaining("does not run");
    }

    @Test
    public void manyRestartsLeaveNothing() throws Exception {
        scene.script("quick", "#!/bin/sh", "exit 1");
        ServiceHandle service = scene.open(engine, service("q", "quick"));
        Instance run = service.start(instance("q", "q"));
        for (int round = 0; round < 30 * Integer.getInteger("openedge.rounds", 1); round++) {
            assertThat(exit(run)).isInstanceOf(Exit.Code.class);
            run = run.restart();
        }
        exit(run);

        await("no zombie").atMost(LIMIT).until(() -> Scene.zombies().isEmpty());
        assertThat(Scene.files(scene.work().resolve("var/run/openedge/native"))).isEmpty();
    }
}
