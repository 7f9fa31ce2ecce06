package io.openedge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.archive.RawZip;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Kills in the middle: the next run ends in what the cloud wants. */
public class AgentKillTest {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3);
    private static final int LATEST_MILLIS = 2500;

    @Rule
    public final CloudWorld world = new CloudWorld();

    @Test
    public void killsInTheMiddleEndInTheDesiredState() throws Exception {
        world.start(); // so that the cloud has a session for it
        world.stop();
        Random random = new Random(Long.getLong("openedge.seed", 9));
        for (int round = 1; round <= ROUNDS; round++) {
            String version = "k" + round;
            RawZip content = new RawZip().file("round", version).file("big", "x".repeat(100_000));
            world.publish(world.event(version, world.volume("things", version, content)));
            killedAfter(random.nextInt(LATEST_MILLIS));
            runsUntil(version);

            Path things = world.volumes().resolve("things").resolve(version);
            assertThat(things.resolve("round")).hasContent(version);
            assertThat(things.resolve("big")).hasSize(100_000);
            assertThat(things.resolve("things.zip")).exists();
        }
    }

    private void killedAfter(int millis) throws Exception {
        Process agent = agent();
        assertThat(agent.waitFor(millis, TimeUnit.MILLISECONDS))
                .as("ended by itself")
                .isFalse();
        agent.destroyForcibly().onExit().join();
    }

    private void runsUntil(String version) throws Exception {
        Process agent = agent();
        try {
            await(version)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> world.gateway.version().equals(version));
            world.awaitVersion(version);
        } finally {
            agent.destroyForcibly().onExit().join();
        }
    }

    private Process agent() throws IOException {
        List<String> line = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AgentProcess.class.getName(),
                world.directory().toString(),
                world.work().toString());
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        world.directory().resolve("agent.log").toFile()))
                .start();
    }
}
