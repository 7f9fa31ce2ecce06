package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.LIMIT;
import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.exit;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.process.cgroup.ControlGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** A run ends with all of its processes, however they try to get away. */
@RunWith(Parameterized.class)
public class ProcessTreeTest {
    /** A process that leaves its parent and its session, and hears no SIGTERM. */
    private static final String DAEMON = "(trap '' TERM; setsid sh -c \"trap '' TERM; sleep 300\" &) &";

    @Rule
    public final Scene scene = new Scene();

    private final Surroundings surroundings;
    private final String mark = "MARK=" + UUID.randomUUID();
    private NativeEngine engine;

    /** What the host has to find processes with. */
    public enum Surroundings {
        CONTROL_GROUPS,
        SESSIONS_ONLY,
        NEITHER
    }

    @Parameters(name = "{0}")
    public static Surroundings[] surroundings() {
        return Surroundings.values();
    }

    public ProcessTreeTest(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Before
    public void makeEngine() throws IOException {
        Tools all = Tools.ofHost();
        Path nothing = Files.createDirectory(scene.folder().resolve("nothing"));
        switch (surroundings) {
            case CONTROL_GROUPS -> {
                ControlGroups groups = new ControlGroups(Path.of("/"), "test");
                Assume.assumeTrue("control groups need rights", groups.available());
                groups.close();
            }
            case SESSIONS_ONLY -> scene.rootedAt(nothing);
            case NEITHER -> {
                Map<String, Path> fewer = new HashMap<>(all.found());
                fewer.keySet().retainAll(List.of("sh"));
                scene.rootedAt(nothing).with(new Tools(fewer, all.root()));
            }
        }
        engine = scene.engine();
    }

    private Instance start(Duration grace, String... lines) throws Exception {
        scene.script("tree", lines);
        ServiceHandle service = scene.open(engine, service("t", "tree"));
        String[] pair = mark.split("=");
        Instance run = service.start(instance("t", "t", Map.of(pair[0], pair[1]), false, grace));
        awaitRunning(run);
        return run;
    }

    @Test
    public void aTreeThatHearsIsAskedAndEndsAtOnce() throws Exception {
        Instance run = start(
                Duration.ofSeconds(30),
                "#!/bin/sh",
                "trap 'wait; echo asked; exit 0' TERM",
                "(trap 'echo child asked; exit' TERM; echo ready; while :; do sleep 0.1; done) &",
                "wait");
        scene.awaitLog("t", "t", "ready");
        long began = System.nanoTime();

        run.stop(Duration.ofSeconds(30));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(exit(run)).isEqualTo(new Exit.Normal());
        assertThat(scene.log("t", "t")).contains("child asked").contains("\nasked");
        assertThat(Scene.bearing(mark)).isEmpty();
    }

    @Test
    public void whoDoesNotHearIsKilledWhenTheGraceIsOverWithAllThatLeft() throws Exception {
        Instance run = start(
                Duration.ofSeconds(1),
                "#!/bin/sh",
                "trap '' TERM",
                DAEMON,
                "sh -c 'sleep 300; true' &",
                "echo ready",
                "while :; do sleep 1; done");
        scene.awaitLog("t", "t", "ready");
        await("all are there").atMost(LIMIT).until(() -> Scene.bearing(mark).size() >= 5);
        long began = System.nanoTime();

        run.stop(Duration.ofSeconds(1));

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(1500));
        assertThat(exit(run)).isEqualTo(new Exit.Normal());
        await("nothing is left").atMost(LIMIT).until(() -> Scene.bearing(mark).isEmpty());
        assertThat(Scene.zombies()).isEmpty();
    }

    @Test
    public void whatItsFirstProcessLeavesBehindEndsBeforeTheNextRun() throws Exception {
        Instance run =
                start(Duration.ofSeconds(1), "#!/bin/sh", DAEMON, "sleep 300 &", "sleep 301 &", "sleep 0.3", "exit 4");
        assertThat(exit(run)).isInstanceOf(Exit.Code.class);

        assertThat(Scene.bearing(mark).stream().filter(entry -> !entry.dead())).isEmpty();
        run.restart().stop(Duration.ZERO);
        await("nothing is left").atMost(LIMIT).until(() -> Scene.bearing(mark).isEmpty());
    }

    /** Always the same few, each only for a moment: a storm that grows would be the machine's end when the test fails. */
    @Test
    public void processesThatAlwaysBecomeOthersEnd() throws Exception {
        Instance run = start(
                Duration.ofMillis(100),
                "#!/bin/sh",
                "trap '' TERM",
                "become() { sleep 0.03; [ $1 -gt 200 ] || become $(($1 + 1)) & }",
                "for n in 1 2 3 4 5; do become 0; done",
                "echo ready",
                "sleep 30");
        scene.awaitLog("t", "t", "ready");

        run.stop(Duration.ofMillis(100));

        assertThat(exit(run)).isEqualTo(new Exit.Normal());
        await("nothing is left").atMost(LIMIT).until(() -> Scene.bearing(mark).isEmpty());
    }

    @Test
    public void severalWhoStopItWaitForTheSameEnd() throws Exception {
        Instance run = start(Duration.ofSeconds(30), "#!/bin/sh", "trap '' TERM", "while :; do sleep 0.1; done");
        Thread patient = new Thread(() -> run.stop(Duration.ofSeconds(30)));
        patient.start();

        run.stop(Duration.ofMillis(300));
        run.stop(Duration.ofMillis(300));

        patient.join(LIMIT.toMillis());
        assertThat(patient.isAlive()).isFalse();
        assertThat(exit(run)).isEqualTo(new Exit.Normal());
    }
}
