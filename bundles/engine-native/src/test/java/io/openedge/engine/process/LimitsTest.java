package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.exit;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ByteSize;
import io.openedge.app.Resources;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.process.cgroup.ControlGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;

/** Limits hold: in the kernel that is here, and as they would be said to the one that is not. */
public class LimitsTest {
    private static final Resources SMALL = resources(1.5, "0", 64 << 20, 0, 20);

    @Rule
    public final Scene scene = new Scene();

    private static Resources resources(double cpus, String set, long memory, long swap, long pids) {
        return new Resources(
                new Resources.Cpu(cpus, set),
                new Resources.Memory(new ByteSize(memory), new ByteSize(swap)),
                new Resources.Pids(pids));
    }

    private static void assumeHeldHere() {
        ControlGroups groups = new ControlGroups(Path.of("/"), "test");
        boolean held = groups.available() && groups.notHeld(SMALL).isEmpty();
        groups.close();
        Assume.assumeTrue("control groups with memory, cpu and pids need rights", held);
    }

    private Instance start(Resources resources, String... lines) throws Exception {
        scene.script("eater", lines);
        ServiceHandle service = scene.open(scene.engine(), service("e", "eater", "", resources));
        return service.start(instance("e", "e"));
    }

    @Test
    public void whoWantsMoreMemoryThanItMayEndsOutOfMemory() throws Exception {
        assumeHeldHere();
        Instance run = start(
                SMALL,
                "#!/usr/bin/python3",
                "import sys, time",
                "print('begins', flush=True)",
                "time.sleep(0.3)",
                "kept = [bytearray(1 << 20) for n in range(2000)]");

        assertThat(exit(run)).isEqualTo(new Exit.OutOfMemory());
        assertThat(run.restart().running().toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS))
                .isNull();
    }

    @Test
    public void aChildThatEatsCountsToo() throws Exception {
        assumeHeldHere();
        Instance run = start(
                SMALL,
                "#!/bin/sh",
                "sleep 0.2",
                "/usr/bin/python3 -c 'kept = [bytearray(1 << 20) for n in range(2000)]' || exit 9");

        assertThat(exit(run)).isEqualTo(new Exit.OutOfMemory());
    }

    @Test
    public void thereAreNoMoreProcessesThanAllowed() throws Exception {
        assumeHeldHere();
        Instance run = start(
                SMALL,
                "#!/usr/bin/python3",
                "import os, time",
                "n = 0",
                "try:",
                "    while n < 100:",
                "        if os.fork() == 0: time.sleep(60)",
                "        n += 1",
                "except OSError as e: print('forks', n, flush=True)",
                "time.sleep(60)");

        scene.awaitLog("e", "e", "forks 19");
        run.stop(Duration.ZERO);
        assertThat(exit(run)).isEqualTo(new Exit.Normal());
    }

    @Test
    public void processorsAreThoseThatAreNamed() throws Exception {
        Instance run = start(resources(0, "0", 0, 0, 0), "#!/bin/sh", "grep Cpus_allowed_list /proc/self/status");

        exit(run);
        assertThat(scene.log("e", "e")).contains("Cpus_allowed_list:\t0\n");
    }

    @Test
    public void aGroupIsGoneWithItsRun() throws Exception {
        assumeHeldHere();
        Instance run = start(SMALL, "#!/bin/sh", "echo ready; exec sleep 60");
        awaitRunning(run);
        long pid = ((InstanceRecord.Process) run.record().place()).id();
        String memory = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                .filter(line -> line.endsWith("/e." + pid))
                .findFirst()
                .orElseThrow();

        run.stop(Duration.ofSeconds(5));

        try (var groups = Files.find(Path.of("/sys/fs/cgroup"), 8, (path, attributes) -> path.endsWith("e." + pid))) {
            assertThat(groups.toList()).as("%s", memory).isEmpty();
        }
    }

    @Test
    public void withoutControlGroupsTheDataOfAProcessIsLimited() throws Exception {
        scene.rootedAt(Files.createDirectory(scene.folder().resolve("nothing")));
        Instance run = start(
                resources(0, "", 64 << 20, 0, 0),
                "#!/usr/bin/python3",
                "try:",
                "    kept = [bytearray(1 << 20) for n in range(2000)]",
                "except MemoryError: print('no memory', flush=True)");

        exit(run);
        assertThat(scene.log("e", "e")).isEqualTo("no memory\n");
    }

    @Test
    public void version2IsTold() throws Exception {
        Path root = madeTree("0::/system.slice/openedge.service", "cgroup2");
        Path own = Files.createDirectories(root.resolve("sys/fs/cgroup/system.slice/openedge.service"));
        Files.writeString(own.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        ControlGroups groups = new ControlGroups(root, "ab");
        Resources all = resources(1.5, "", 64 << 20, 96 << 20, 20);

        assertThat(groups.notHeld(all)).isEmpty();
        Path group = groups.enter("run.1", 4711, all).orElseThrow().paths().get(0);

        assertThat(group).isEqualTo(own.resolve("openedge-ab/run.1"));
        assertThat(group.resolve("memory.max")).hasContent("67108864");
        assertThat(group.resolve("memory.oom.group")).hasContent("1");
        assertThat(group.resolve("memory.swap.max")).hasContent("33554432");
        assertThat(group.resolve("cpu.max")).hasContent("150000 100000");
        assertThat(group.resolve("pids.max")).hasContent("20");
        assertThat(group.resolve("cgroup.procs")).hasContent("4711");
        assertThat(own.resolve("cgroup.subtree_control")).hasContent("+cpu +memory +pids");
        assertThat(own.resolve("openedge-ab/cgroup.subtree_control")).hasContent("+cpu +memory +pids");
    }

    @Test
    public void version2SaysWhoRanOutOfMemory() throws Exception {
        Path root = madeTree("0::/", "cgroup2");
        Files.writeString(root.resolve("sys/fs/cgroup/cgroup.controllers"), "memory\n");
        ControlGroups groups = new ControlGroups(root, "ab");

        var group = groups.enter("run.1", 4711, SMALL).orElseThrow();
        assertThat(group.killedForMemory()).isZero();
        Files.writeString(group.paths().get(0).resolve("memory.events"), "low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\n");

        assertThat(group.killedForMemory()).isEqualTo(2);
        assertThat(groups.notHeld(SMALL)).containsExactly("cpu.cpus", "pids.limit");
    }

    @Test
    public void version1IsTold() throws Exception {
        Path root = madeTree(
                "4:memory:/docker/x\n3:cpu,cpuacct:/\n2:pids:/\n1:name=systemd:/",
                "memory",
                "cpu,cpuacct",
                "pids",
                "name=systemd");
        ControlGroups groups = new ControlGroups(root, "ab");
        Resources all = resources(0.5, "", 64 << 20, 96 << 20, 20);

        assertThat(groups.notHeld(all)).isEmpty();
        List<Path> paths = groups.enter("run.1", 4711, all).orElseThrow().paths();

        Path top = root.resolve("sys/fs/cgroup");
        Path memory = top.resolve("memory/openedge-ab/run.1");
        Path cpu = top.resolve("cpu,cpuacct/openedge-ab/run.1");
        assertThat(paths.get(0)).isEqualTo(top.resolve("pids/openedge-ab/run.1"));
        assertThat(paths).contains(memory, cpu);
        assertThat(memory.resolve("memory.limit_in_bytes")).hasContent("67108864");
        assertThat(memory.resolve("memory.memsw.limit_in_bytes")).hasContent("100663296");
        assertThat(cpu.resolve("cpu.cfs_period_us")).hasContent("100000");
        assertThat(cpu.resolve("cpu.cfs_quota_us")).hasContent("50000");
        assertThat(paths.get(0).resolve("pids.max")).hasContent("20");
        assertThat(paths)
                .allSatisfy(path -> assertThat(path.resolve("cgroup.procs")).hasContent("4711"));
    }

    /** In a container: the mount shows the part of the tree in which the gateway is. */
    private Path madeTree(String groups, String... kinds) throws IOException {
        Path root = Files.createDirectory(scene.folder().resolve("root"));
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/cgroup"), groups + "\n");
        StringBuilder mounts = new StringBuilder("31 23 0:28 / / rw - ext4 /dev/sda rw\n");
        for (String kind : kinds) {
            boolean unified = kind.equals("cgroup2");
            String point = "/sys/fs/cgroup" + (unified ? "" : "/" + kind);
            Files.createDirectories(root.resolve(point.substring(1)));
            mounts.append("32 31 0:29 ")
                    .append(kind.equals("memory") ? "/docker/x " : "/ ")
                    .append(point)
                    .append(" rw,relatime shared:9 - ")
                    .append(unified ? "cgroup2 cgroup2 rw" : "cgroup cgroup rw," + kind)
                    .append('\n');
        }
        Files.writeString(root.resolve("proc/self/mountinfo"), mounts);
        return root;
    }
}
