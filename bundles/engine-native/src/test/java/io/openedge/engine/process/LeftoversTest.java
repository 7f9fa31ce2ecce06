package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.LIMIT;
import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import io.openedge.app.MountSpec;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.engine.process.tree.RunFile;
import io.openedge.engine.process.tree.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * What a gateway that died left behind is ended by the next one: all of that and nothing else. The first engine of these
 * tests plays the dead one: nobody tells it to stop.
 */
public class LeftoversTest {
    private static final String[] FAMILY = {"#!/bin/sh", "(setsid sleep 300 &) &", "sleep 300 &", "echo ready", "wait"};

    @Rule
    public final Scene scene = new Scene();

    private final String mark = "MARK=" + UUID.randomUUID();
    private final List<Process> decoys = new java.util.ArrayList<>();

    @After
    public void endDecoys() {
        decoys.forEach(Process::destroyForcibly);
    }

    private Instance leaveBehind(MountSpec... mounts) throws Exception {
        scene.script("family", FAMILY);
        ServiceHandle service = scene.open(scene.engine(), service("f", "family", mounts));
        String[] pair = mark.split("=");
        Instance run = service.start(instance("f", "f", Map.of(pair[0], pair[1]), false, Duration.ofSeconds(5)));
        awaitRunning(run);
        scene.awaitLog("f", "f", "ready");
        await("the family is there").atMost(LIMIT).until(() -> family().size() >= 3);
        return run;
    }

    private List<ProcessTable.Entry> family() {
        return Scene.bearing(mark).stream().filter(entry -> !entry.dead()).toList();
    }

    private Process decoy() throws IOException {
        Process decoy = new ProcessBuilder("bash", "-c", "exec -a f sleep 300").start();
        decoys.add(decoy);
        return decoy;
    }

    @Test
    public void theNextEngineEndsAllOfItAndCleansUp() throws Exception {
        Instance run = leaveBehind();
        Process decoy = decoy();

        scene.engine().reclaim(List.of(run.record()));

        assertThat(family()).isEmpty();
        assertThat(decoy.isAlive()).isTrue();
        assertThat(scene.directory("f")).doesNotExist();
        assertThat(Scene.files(scene.work().resolve("var/run/openedge/native"))).isEmpty();
    }

    @Test
    public void itDoesSoWithoutControlGroups() throws Exception {
        scene.rootedAt(Files.createDirectory(scene.folder().resolve("nothing")));
        theNextEngineEndsAllOfItAndCleansUp();
    }

    @Test
    public void itDoesSoWhenTheFirstProcessIsGoneAlready() throws Exception {
        scene.rootedAt(Files.createDirectory(scene.folder().resolve("nothing")));
        Instance run = leaveBehind();
        RunFile file = runFile().getValue();
        Path kept = scene.folder().resolve("kept.run");
        Files.copy(runFile().getKey(), kept);
        run.stop(Duration.ZERO);
        String[] pair = mark.split("=");
        ProcessBuilder orphan = new ProcessBuilder("sleep", "300");
        orphan.environment().put(pair[0], pair[1]);
        orphan.environment().put("OPENEDGE_SERVICE_NAME", "f");
        orphan.environment().put("OPENEDGE_SERVICE_INSTANCE_NAME", "f");
        orphan.environment().put("OPENEDGE_MASTER_API", file.api());
        decoys.add(orphan.start());
        Files.copy(kept, scene.work().resolve("var/run/openedge/native/f.1.run"));

        scene.engine().reclaim(List.of());

        assertThat(family()).isEmpty();
    }

    @Test
    public void itDoesSoBeforeItOpensAServiceWhenNobodyWroteDownWhatRan() throws Exception {
        leaveBehind();

        ServiceHandle service = scene.open(scene.engine(), service("f", "family"));

        assertThat(family()).isEmpty();
        assertThat(scene.directory("f")).isDirectory();
        service.close();
    }

    @Test
    public void aStrangerWithTheNumberOfOursIsNotTouched() throws Exception {
        Process decoy = decoy();
        ProcessTable table = ProcessTable.ofHost();
        long started = table.find(decoy.pid()).orElseThrow().started();

        write(decoy.pid(), started - 1, table.bootId());
        scene.engine().reclaim(List.of());
        assertThat(decoy.isAlive()).as("another start").isTrue();

        write(decoy.pid(), started, UUID.randomUUID().toString());
        scene.engine().reclaim(List.of());
        assertThat(decoy.isAlive()).as("another run of the kernel").isTrue();
        assertThat(Scene.files(scene.work().resolve("var/run/openedge/native"))).isEmpty();

        write(decoy.pid(), started, table.bootId());
        scene.engine().reclaim(List.of());
        assertThat(decoy.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("the very same")
                .isTrue();
    }

    private void write(long pid, long started, String bootId) throws IOException {
        new RunFiles(scene.work().resolve("var/run/openedge/native"))
                .write(new RunFile("f", "f", pid, started, bootId, true, "unix:///none", 1000, List.of()));
    }

    @Test
    public void aNumberInTheRecordsOfTheMasterKillsNobody() throws Exception {
        Process decoy = decoy();
        ProcessTable table = ProcessTable.ofHost();

        scene.engine()
                .reclaim(List.of(new InstanceRecord(
                        "f",
                        "f",
                        new InstanceRecord.Process(decoy.pid(), "f"),
                        decoy.info().startInstant().orElseThrow(),
                        table.bootId())));

        assertThat(decoy.isAlive()).isTrue();
    }

    @Test
    public void aRunFileThatWasCutIsNoReasonToKillOrToStop() throws Exception {
        Path folder = Files.createDirectories(scene.work().resolve("var/run/openedge/native"));
        Files.writeString(folder.resolve("f.1.run"), "service=f\ninstance=f\npid=1\n");
        Files.writeString(folder.resolve("f.2.run"), "service=f\npid=x\nno line\n");
        Files.writeString(folder.resolve("f.3.tmp"), "serv");

        scene.engine().reclaim(List.of());

        assertThat(Scene.files(folder)).isEmpty();
    }

    @Test
    public void nothingBehindALiveMountIsTouched() throws Exception {
        Path precious = Files.createDirectory(scene.folder().resolve("precious"));
        Files.writeString(precious.resolve("photo"), "of grandmother");
        Path data = scene.volume("data");
        Files.writeString(data.resolve("kept"), "kept");
        Instance run = leaveBehind(new MountSpec("data", "var/db/openedge/data", false));
        Path inside = Files.createDirectories(scene.directory("f").resolve("var/db/openedge/mounted"));
        assumeTrue("bind mounts need rights", command("mount", "--bind", precious.toString(), inside.toString()));
        try {
            scene.engine().reclaim(List.of(run.record()));

            assertThat(family()).isEmpty();
            assertThat(inside.resolve("photo")).hasContent("of grandmother");
        } finally {
            assertThat(command("umount", inside.toString())).isTrue();
        }
        scene.engine().reclaim(List.of(run.record()));
        assertThat(scene.directory("f")).doesNotExist();
        assertThat(precious.resolve("photo")).hasContent("of grandmother");
        assertThat(data.resolve("kept")).hasContent("kept");
    }

    private Map.Entry<Path, RunFile> runFile() {
        Optional<Map.Entry<Path, RunFile>> only = new RunFiles(scene.work().resolve("var/run/openedge/native"))
                .read().entrySet().stream().findFirst();
        return only.orElseThrow();
    }

    private static boolean command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
