package io.openedge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.InstanceStats;
import io.openedge.system.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Samples are taken beside those who ask. */
public class HostComponentTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private HostComponent host = new HostComponent(Path.of("/"), "", Duration.ofDays(1), Duration.ofDays(1));

    private HostComponent start(String searchPath) {
        host.close();
        host = new HostComponent(folder.getRoot().toPath(), searchPath, Duration.ZERO, Duration.ofMillis(100));
        return host;
    }

    @After
    public void close() {
        host.close();
    }

    @Test
    public void beforeTheFirstSampleNothingIsKnown() {
        assertThat(host.hardware()).isEqualTo(Hardware.UNKNOWN);
        assertThat(host.process(ProcessHandle.current().pid())).isEqualTo(InstanceStats.UNKNOWN);
    }

    @Test
    public void aLookAnswersFromMemoryAlsoWhileAProgramHangs() throws Exception {
        Path smi = folder.getRoot().toPath().resolve("nvidia-smi");
        Path asked = folder.getRoot().toPath().resolve("asked");
        Files.writeString(smi, "#!/bin/sh\ntouch " + asked + "\nsleep 3600\n");
        Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
        start(folder.getRoot().toString());
        await().atMost(LIMIT).until(() -> Files.exists(asked));

        long begin = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            assertThat(host.hardware().memStats().total()).isPositive();
            host.process(1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));

        host.close();
        await("the program is ended")
                .atMost(LIMIT)
                .until(() -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    public void aTreeOfProcessesIsMeasuredTogether() throws Exception {
        start("");
        Process shell = new ProcessBuilder("sh", "-c", "sh -c 'while :; do :; done' & sleep 3600 & wait").start();
        try {
            await("its busy child shows").atMost(LIMIT).untilAsserted(() -> {
                InstanceStats stats = host.process(shell.pid());
                assertThat(stats.cpu().usedPercent()).isBetween(10.0, 150.0);
                assertThat(stats.mem().used()).isBetween(100_000L, 100_000_000L);
                assertThat(stats.mem().total())
                        .isEqualTo(host.hardware().memStats().total());
                assertThat(stats.mem().usedPercent()).isPositive();
                assertThat(stats.cpu().time()).isAfter(Instant.EPOCH);
            });
        } finally {
            end(shell);
        }
        await("it is gone")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(host.process(shell.pid())).isEqualTo(InstanceStats.UNKNOWN));
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    public void samplesGoOnAndEndWithTheComponent() throws IOException {
        start("");
        await().atMost(LIMIT).until(() -> host.hardware().cpuStats().cpus().size() > 0);
        Instant first = host.hardware().cpuStats().time();
        await().atMost(LIMIT).until(() -> host.hardware().cpuStats().time().isAfter(first));

        host.close();

        await().atMost(LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("openedge-host")));
    }
}
