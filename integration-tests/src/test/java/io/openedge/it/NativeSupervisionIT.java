package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Rule;
import org.junit.Test;

/** Supervision with real processes: what their ends bring about. */
public class NativeSupervisionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Rule
    public final Gateway gateway =
            Gateway.of(Distribution.project().resolve("integration-tests/src/test/resources/native"));

    private final StringBuilder services = new StringBuilder();

    /** A service that runs a line of shell. */
    private void service(String name, int replica, String restart, String line) {
        services.append("  - {name: " + name + ", image: script, replica: " + replica + ", args: [\""
                + line.replace("\"", "\\\"") + "\"], restart: " + restart
                + ", mounts: [{name: script, path: lib/openedge/script, readonly: true},"
                + " {name: marks, path: var/db/openedge/marks}]}\n");
    }

    private Outcome start() throws IOException, InterruptedException {
        gateway.edit(gateway.db("application.yml"), text -> text.replace("services: []", "services:\n" + services));
        return gateway.start();
    }

    /** When the program of an instance has begun, in seconds. */
    private List<Double> begins(String instance) throws IOException {
        Path marks = gateway.db("marks/" + instance);
        return Files.exists(marks)
                ? Files.readAllLines(marks).stream().map(Double::valueOf).toList()
                : List.of();
    }

    private void awaitBegins(String instance, int count) {
        await(instance + " begins " + count + " times")
                .atMost(LIMIT)
                .until(() -> begins(instance).size() >= count);
    }

    private String reason(String instance) throws Exception {
        return gateway.instance(instance)
                .map(found -> found.path("reason").asText())
                .orElse("");
    }

    @Test
    public void aPolicySaysWhetherAnEndIsTheLast() throws Exception {
        service("no-well", 1, "{policy: no}", "exit 0");
        service("no-badly", 1, "{policy: no}", "echo no such valve >&2; exit 3");
        service("on-failure-well", 1, "{policy: on-failure}", "exit 0");
        service("on-failure-badly", 1, "{policy: on-failure, retry: {max: 2}, backoff: {min: 50ms}}", "exit 4");
        service("always", 1, "{policy: always, backoff: {min: 50ms, max: 50ms}}", "exit 0");
        service("killed", 1, "{policy: no}", "kill -9 $$");

        start().expect(3);

        gateway.awaitState("no-well", "stopped");
        gateway.awaitState("no-badly", "failed");
        gateway.awaitState("on-failure-well", "stopped");
        gateway.awaitState("on-failure-badly", "failed");
        gateway.awaitState("killed", "failed");
        awaitBegins("always", 10);
        assertThat(reason("no-badly")).isEqualTo("exit code 3: no such valve");
        assertThat(reason("on-failure-badly")).isEqualTo("exit code 4; given up after 2 restarts");
        assertThat(reason("killed")).isEqualTo("killed by signal 9");
        assertThat(begins("no-well")).hasSize(1);
        assertThat(begins("no-badly")).hasSize(1);
        assertThat(begins("on-failure-well")).hasSize(1);
        assertThat(begins("on-failure-badly")).hasSize(3);
    }

    @Test
    public void theWaitGrowsAndBeginsAnewAfterAHealthyRun() throws Exception {
        service(
                "crash",
                1,
                "{policy: always, backoff: {min: 300ms, max: 2s, factor: 2}}",
                "[ $(wc -l <var/db/openedge/marks/crash) != 4 ] || sleep 11; exit 1");
        start();

        awaitBegins("crash", 6);

        List<Double> begins = begins("crash");
        List<Double> waits = new ArrayList<>();
        for (int run = 1; run < 6; run++) {
            waits.add(begins.get(run) - begins.get(run - 1));
        }
        assertThat(waits.get(0)).isGreaterThan(0.29);
        assertThat(waits.get(1)).isGreaterThan(0.59);
        assertThat(waits.get(2)).isGreaterThan(1.19);
        assertThat(waits.get(3))
                .as("a healthy run of 11 s and the first wait again")
                .isBetween(11.29, 12.9);
        assertThat(waits.get(4)).as("the second wait again").isBetween(0.59, 1.9);
    }

    @Test
    public void whoDoesNotHearIsKilledAndTheStopOfTheGatewayIsNotHeldUp() throws Exception {
        service("deaf", 2, "{}", "trap '' TERM; (trap '' TERM; sleep 300) & while :; do sleep 1; done");
        start().expect(0);
        List<Long> pids = pids("deaf", "deaf.i1");
        long began = System.nanoTime();

        gateway.stop().expect(0);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
        assertThat(pids).hasSize(2).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThat(gateway.db("application.stats")).doesNotExist();
        assertThat(gateway.work().resolve("var/run/openedge/services")).isEmptyDirectory();
        assertThat(gateway.work().resolve("var/run/openedge/native")).isEmptyDirectory();
    }

    private List<Long> pids(String... instances) throws Exception {
        List<Long> pids = new ArrayList<>();
        for (String instance : instances) {
            JsonNode found = gateway.instance(instance).orElseThrow();
            assertThat(found.path("process").path("name").asText()).isEqualTo("script");
            pids.add(found.path("process").path("id").asLong());
        }
        return pids;
    }

    @Test
    public void ofManyWhoStartAndStopOneAtOnceThereAreNeverTwo() throws Exception {
        service(
                "one",
                0,
                "{}",
                // the trap first: a stop between the two would leave the lock for the next run
                "trap 'rmdir var/db/openedge/marks/lock; exit' TERM;"
                        + " mkdir var/db/openedge/marks/lock || echo two >>var/db/openedge/marks/twice; sleep 300 & wait");
        service("mate", 1, "{}", "exec sleep 300");
        start().expect(0);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Outcome>> calls = new ArrayList<>();
            for (int number = 0; number < 24; number++) {
                String verb = number % 3 == 2 ? "stop" : "start";
                calls.add(() -> gateway.call("PUT", "/v1/services/one/instances/one.x/" + verb, "{}"));
            }
            for (Future<Outcome> call : callers.invokeAll(calls)) {
                call.get();
            }
        } finally {
            callers.shutdown();
        }

        assertThat(gateway.db("marks/twice")).doesNotExist();
        gateway.call("PUT", "/v1/services/one/instances/one.x/stop", "").expect(0);
        assertThat(gateway.db("marks/lock")).doesNotExist();
        assertThat(gateway.instance("one.x")).isEmpty();
    }
}
