package io.openedge.engine.process.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** In a group of version 2, processes of the gateway make room for controllers: with a real one, of which one is free. */
public class RoomTest {
    private final String pid = Long.toString(ProcessHandle.current().pid());
    private Path before;
    private Path own;
    private String controller;
    private boolean wasOn;
    private Process other;

    @Before
    public void moveIntoAGroup() throws IOException, InterruptedException {
        Optional<Hierarchy> unified = Hierarchy.of(Path.of("/")).stream()
                .filter(Hierarchy::unified)
                .filter(one -> one.controllers().stream().anyMatch(word -> !word.isEmpty()))
                .filter(one -> Files.isWritable(one.own().resolve("cgroup.procs")))
                .findFirst();
        assumeTrue("a group of version 2 with a controller needs rights", unified.isPresent());
        before = unified.get().own();
        controller = "+" + unified.get().controllers().iterator().next();
        own = before.resolve("openedge-room-" + pid);
        wasOn = Files.readString(before.resolve("cgroup.subtree_control")).contains(controller.substring(1));
        try {
            new GroupFolder(before).write("cgroup.subtree_control", controller);
        } catch (IOException e) {
            assumeTrue("others are in the group " + before, false);
        }
        Files.createDirectory(own);
        new GroupFolder(own).enter(ProcessHandle.current().pid());
        other = new ProcessBuilder("sleep", "60").start();
    }

    @After
    public void moveBack() throws Exception {
        if (other != null) {
            other.destroyForcibly().waitFor();
            new GroupFolder(before).enter(ProcessHandle.current().pid());
            assertThat(new GroupFolder(own).remove()).isTrue();
            if (!wasOn) {
                new GroupFolder(before).write("cgroup.subtree_control", controller.replace('+', '-'));
            }
        }
    }

    @Test
    public void theGatewayAndItsChildrenMoveDown() throws Exception {
        ControlGroups.enable(own, controller);

        assertThat(Files.readString(own.resolve("cgroup.subtree_control")).strip())
                .isEqualTo(controller.substring(1));
        assertThat(Files.readAllLines(own.resolve("cgroup.procs"))).isEmpty();
        assertThat(Files.readAllLines(own.resolve(Hierarchy.GATEWAY).resolve("cgroup.procs")))
                .contains(pid, Long.toString(other.pid()));
        assertThat(Hierarchy.of(Path.of("/")).stream()
                        .filter(Hierarchy::unified)
                        .map(Hierarchy::own))
                .as("found again from below")
                .containsExactly(own);
    }

    @Test
    public void strangersInTheGroupAreNotMoved() throws Exception {
        Process stranger = new ProcessBuilder("sh", "-c", "sleep 60 >/dev/null & echo $!").start();
        String orphan = new String(stranger.getInputStream().readNBytes(16), StandardCharsets.US_ASCII).strip();
        try {
            stranger.waitFor();

            assertThatThrownBy(() -> ControlGroups.enable(own, controller))
                    .hasMessageContaining("others are in the group");

            assertThat(Files.readAllLines(own.resolve("cgroup.procs"))).contains(pid, orphan);
        } finally {
            ProcessHandle.of(Long.parseLong(orphan)).ifPresent(ProcessHandle::destroyForcibly);
            await("it is gone")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !new GroupFolder(own).pids().contains(Long.valueOf(orphan)));
        }
    }
}
