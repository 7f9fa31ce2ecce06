package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * A gateway with 20 native instances, each with a child, a grandchild and one that left its session, is killed again and
 * again, at rest and in the middle of its start: the next start leaves no process of the one before, has each instance
 * once, and touches no process that only looks like one. {@code -Dopenedge.rounds=200} for the whole of it.
 */
public class NativeCrashIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3);
    private static final int INSTANCES = 20;
    private static final int FAMILY = 5;
    private static final int DECOYS = 5;

    @Rule
    public final Gateway gateway =
            Gateway.of(Distribution.project().resolve("integration-tests/src/test/resources/native"));

    private final long seed = Long.getLong("openedge.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Process> decoys = new ArrayList<>();

    @Before
    public void writeApplication() throws IOException {
        String family = "(setsid sh -c 'sleep 3000; true' &) & sh -c 'sleep 3001; true' & wait";
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace(
                        "services: []",
                        "services:\n  - {name: family, image: script, replica: " + INSTANCES + ", args: [\"" + family
                                + "\"], mounts: [{name: script, path: lib/openedge/script, readonly: true},"
                                + " {name: marks, path: var/db/openedge/marks}]}"));
        for (int number = 0; number < DECOYS; number++) {
            ProcessBuilder decoy = new ProcessBuilder("bash", "-c", "exec -a family.i" + number + " sleep 100000");
            decoy.environment().put("OPENEDGE_SERVICE_NAME", "family");
            decoy.environment().put("OPENEDGE_SERVICE_INSTANCE_NAME", "family.i" + number);
            decoys.add(decoy.start());
        }
    }

    @After
    public void endDecoys() {
        decoys.forEach(Process::destroyForcibly);
    }

    @Test
    public void nothingOfAKilledGatewayIsLeftAndNothingElseIsTouched() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String what = "round " + round + " of seed " + seed;
            TreeSet<Long> before = new TreeSet<>(living().keySet());
            boolean whole = random.nextInt(3) > 0;
            if (whole) {
                gateway.start().expect(0);
                await(what + ": each instance once, with its family")
                        .atMost(LIMIT)
                        .until(this::isWhole);
                assertThat(before).as(what).doesNotContainAnyElementsOf(living().keySet());
            } else {
                killInTheMiddleOfItsStart();
            }
            assertThat(decoys).as(what + ": decoys").allMatch(Process::isAlive);
            if (whole) {
                gateway.kill9();
            }
        }
        gateway.start().expect(0);
        await("each instance once").atMost(LIMIT).until(this::isWhole);
        gateway.stop().expect(0);
        assertThat(living()).as("processes after the stop, seed %s", seed).isEmpty();
        assertThat(decoys).allMatch(Process::isAlive);
        assertThat(gateway.work().resolve("var/run/openedge/services")).isEmptyDirectory();
        assertThat(gateway.work().resolve("var/run/openedge/native")).isEmptyDirectory();
    }

    private void killInTheMiddleOfItsStart() throws Exception {
        CompletableFuture<Void> command = CompletableFuture.runAsync(() -> {
            try {
                gateway.start();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Path pidFile = gateway.work().resolve("var/run/openedge/openedge.pid");
        long old = Files.exists(pidFile) ? gateway.pid().orElse(0L) : 0;
        await("it comes").atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> {
            try {
                return gateway.pid().filter(pid -> pid != old).isPresent();
            } catch (NumberFormatException written) {
                return false;
            }
        });
        Duration moment = Duration.ofMillis(random.nextInt(1200));
        await("the moment").pollDelay(moment).until(() -> true);
        gateway.kill9();
        command.join();
    }

    private boolean isWhole() throws Exception {
        TreeMap<Long, String> all = living();
        TreeSet<String> instances = new TreeSet<>(all.values());
        return all.size() == INSTANCES * FAMILY && instances.size() == INSTANCES;
    }

    /** The instances' names by the process ids of all that this gateway's instances run. */
    private TreeMap<Long, String> living() throws IOException {
        TreeMap<Long, String> found = new TreeMap<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) processes::iterator) {
                String id = process.getFileName().toString();
                if (id.matches("\\d+")) {
                    String environment = environment(process);
                    if (environment.contains("OPENEDGE_MASTER_API=unix://" + gateway.work() + "/")) {
                        found.put(Long.valueOf(id), name(environment));
                    }
                }
            }
        }
        return found;
    }

    private static String name(String environment) {
        return Stream.of(environment.split("\0"))
                .filter(variable -> variable.startsWith("OPENEDGE_SERVICE_INSTANCE_NAME="))
                .findFirst()
                .orElse("");
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
