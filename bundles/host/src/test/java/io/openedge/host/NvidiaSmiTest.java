package io.openedge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.system.GpuStats;
import io.openedge.system.GpuStats.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Graphics processors, by a program in place of nvidia-smi. */
public class NvidiaSmiTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private GpuStats run(Duration limit, String... script) throws Exception {
        Path file = folder.getRoot().toPath().resolve("nvidia-smi");
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", script) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return look(limit, "/nowhere::" + folder.getRoot());
    }

    private static GpuStats look(Duration limit, String searchPath) throws InterruptedException {
        return Sampling.part(
                () -> new NvidiaSmi(searchPath, limit).read(NOON), why -> new GpuStats(NOON, List.of(), why));
    }

    private GpuStats run(String... script) throws Exception {
        return run(Duration.ofSeconds(30), script);
    }

    @Test
    public void withoutTheProgramThereIsNothingAndNoError() throws Exception {
        assertThat(look(Duration.ofSeconds(30), folder.getRoot().toString())).isEqualTo(GpuStats.UNKNOWN);
        assertThat(look(Duration.ofSeconds(30), "")).isEqualTo(GpuStats.UNKNOWN);
    }

    @Test
    public void eachProcessorIsReadInBytesAndPercent() throws Exception {
        GpuStats gpus = run(
                "[ \"$1\" = --query-gpu=index,memory.total,memory.free,utilization.gpu,name ] || exit 9",
                "[ \"$2\" = --format=csv,noheader,nounits ] || exit 9",
                "echo '0, 16384, 4096, 37, Tesla T4'",
                "echo '1, [N/A], [N/A], [N/A], Orin, nvgpu'");

        assertThat(gpus)
                .isEqualTo(new GpuStats(
                        NOON,
                        List.of(
                                new Gpu("0", "Tesla T4", 16L << 30, 4L << 30, 75, 37),
                                new Gpu("1", "Orin, nvgpu", 0, 0, 0, 0)),
                        ""));
    }

    @Test
    public void aFailureIsTheErrorOfThePart() throws Exception {
        assertThat(run("echo 'NVIDIA-SMI has failed: no driver' >&2", "exit 9").error())
                .isEqualTo("nvidia-smi ended with exit code 9: NVIDIA-SMI has failed: no driver");
        assertThat(run("exit 1").error()).isEqualTo("nvidia-smi ended with exit code 1");
        assertThat(run("echo nonsense").error()).contains("nonsense");
    }

    @Test
    public void aProgramThatHangsIsKilledWithAllThatItStarted() throws Exception {
        Path pids = folder.getRoot().toPath().resolve("pids");

        GpuStats gpus = run(
                Duration.ofSeconds(2),
                "sleep 3600 &",
                "echo $$ $! > " + pids + ".new && mv " + pids + ".new " + pids,
                "sleep 3600");

        assertThat(gpus.error()).isEqualTo("nvidia-smi does not answer within 2000 ms");
        assertAllDead(pids);
    }

    @Test
    public void aChildThatKeepsThePipeDoesNotHoldUpTheAnswer() throws Exception {
        Path pids = folder.getRoot().toPath().resolve("pids");

        GpuStats gpus = run("sleep 3600 &", "echo $! > " + pids, "echo '0, 16384, 4096, 37, Tesla T4'", "exit 0");

        assertThat(gpus.gpus()).hasSize(1);
        for (String pid : Files.readString(pids).strip().split(" ")) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    public void moreThanAPipeHoldsEndsAtTheLimit() throws Exception {
        assertThat(run(Duration.ofSeconds(2), "yes 'no end'").error()).contains("does not answer");
    }

    private static void assertAllDead(Path pids) throws IOException {
        for (String pid : Files.readString(pids).strip().split(" ")) {
            await("process " + pid + " has ended")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> ProcessHandle.of(Long.parseLong(pid))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }
}
