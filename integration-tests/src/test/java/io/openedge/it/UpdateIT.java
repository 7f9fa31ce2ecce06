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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Updates of a gateway of the distribution, by its command and by a kill in the middle. The property {@code openedge.rounds}
 * sets how often.
 */
public class UpdateIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TIMER = "  - name: timer\n    image: openedge-timer\n    replica: 1\n"
            + "    health: {window: 300ms}\n    env: {N: '@'}\n"
            + "    mounts: [{name: timer-conf, path: etc/openedge, readonly: true}]\n";

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private String example;

    @Before
    public void aTimerThatMayCome() throws IOException {
        example = Files.readString(gateway.db("application.yml"))
                .replace("replica: 1\n", "replica: 1\n    health: {window: 300ms}\n");
        Files.writeString(gateway.db("application.yml"), example);
        Files.createDirectories(gateway.db("timer-conf"));
        Files.writeString(
                gateway.db("timer-conf/service.yml"),
                "hub: {address: 'tcp://localhub:" + gateway.port() + "', username: test, password: hahaha}\n"
                        + "timer: {interval: 1s}\npublish: {topic: timer}\n");
    }

    @Test
    public void anUnchangedHubKeepsItsClientsWhileOtherServicesAreUpdated() throws Exception {
        gateway.start().expect(0);
        String begun =
                gateway.instance("localhub").orElseThrow().path("start_time").asText();
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("kept").subscribe("timer");
            for (int round = 1; round <= ROUNDS; round++) {
                offer("u" + round, "timer" + round);
                Outcome plan = update("--dry-run", "next");
                assertThat(plan.expect(0).out()).contains("keep   localhub ", "start  timer");

                assertThat(update("next").expect(0).out()).isEqualTo("application u" + round + " runs\n");

                user.publish("kept", "round " + round);
                user.awaitMessage("kept", "round " + round);
                assertThat(gateway.inspect()
                                .path("software")
                                .path("conf_version")
                                .asText())
                        .isEqualTo("u" + round);
                assertThat(gateway.instance("localhub")
                                .orElseThrow()
                                .path("start_time")
                                .asText())
                        .isEqualTo(begun);
            }
            user.awaitMessage("timer");
        }
    }

    @Test
    public void anUnchangedHubGoesOnWithItsPacketIds() throws Exception {
        gateway.start().expect(0);
        try (HoldingSubscriber holder = new HoldingSubscriber("held", gateway.port());
                HubClient user = new HubClient(gateway.port())) {
            holder.start();
            await("the subscription").atMost(LIMIT).until(holder::subscribed);
            user.publish("held", "a");
            await("a").atMost(LIMIT).until(() -> holder.came().size() == 1);
            offer("u1", "timer1");
            update("next").expect(0);
            user.publish("held", "b");
            await("b").atMost(LIMIT).until(() -> holder.came().size() == 2);
            int first = Integer.parseInt(holder.came().get(0).split(" ")[0]);
            holder.acknowledge(first);
            offer("u2", "timer2");
            update("next").expect(0);
            user.publish("held", "c");
            await("c").atMost(LIMIT).until(() -> holder.came().size() == 3);

            assertThat(holder.came()).containsExactly(first + " a", (first + 1) + " b", (first + 2) + " c");
            assertThat(holder.connections()).isEqualTo(1);
        }
    }

    @Test
    public void aServiceThatDoesNotComeUpBringsTheOldApplicationBack() throws Exception {
        gateway.start().expect(0);
        Files.writeString(
                gateway.db("timer-conf/service.yml"), "hub: {address: 'tcp://localhub:1'}\ntimer: {interval: x}\n");
        offer("bad", "timer");

        Outcome outcome = update("next").expect(1);

        assertThat(outcome.err())
                .contains("the update was rolled back, application v1 is the one that counts: instance 'timer' was"
                        + " restarted 3 times")
                .contains("timer.interval");
        assertThat(gateway.inspect().path("error").asText()).contains("'bad'", "rolled back");
        assertThat(gateway.instance("timer")).isEmpty();
        assertConsistent();
        offer("worse", "timer: [");
        assertThat(update("next").expect(1).err()).contains("the update was refused", "next/application.yml:");
        assertThat(update("nowhere").expect(1).err()).contains("there is no such file");
    }

    @Test
    public void aGatewayKilledInAnUpdateRunsTheOldOrTheNewApplication() throws Exception {
        gateway.start().expect(0);
        for (int round = 1; round <= ROUNDS; round++) {
            if (round % 2 == 1) {
                offer("with-" + round, "timer" + round);
            } else {
                write("without-" + round, "");
            }
            Process update = new ProcessBuilder(line("next"))
                    .redirectErrorStream(true)
                    .redirectOutput(gateway.work().resolve("said").toFile())
                    .start();
            update.waitFor(ThreadLocalRandom.current().nextInt(1500), TimeUnit.MILLISECONDS);

            gateway.kill9();

            update.waitFor();
            gateway.start().expect(0);
            assertConsistent();
        }
    }

    /** The version that is reported, the file and the services are those of one application. */
    private void assertConsistent() throws IOException, InterruptedException {
        JsonNode inspect = gateway.inspect();
        String version = inspect.path("software").path("conf_version").asText();
        String file = Files.readString(gateway.db("application.yml"));
        assertThat(file).contains("\nversion: " + version + "\n");
        assertThat(gateway.db("application.yml.old")).doesNotExist();
        assertThat(gateway.instance("timer").isPresent()).isEqualTo(version.startsWith("with-"));
        gateway.awaitState("localhub", "running");
        if (inspect.path("error").asText().contains("not committed")) {
            assertThat(inspect.path("error").asText()).contains("'" + version + "'");
        }
        await("the hub answers").atMost(LIMIT).until(() -> HubClient.reachable(gateway.port()));
    }

    private void offer(String version, String env) throws IOException {
        write(version, TIMER.replace("'@'", env));
    }

    private void write(String version, String service) throws IOException {
        Path next = gateway.work().resolve("next/application.yml");
        Files.createDirectories(next.getParent());
        Files.writeString(
                next,
                example.replaceFirst("version: .*", "version: " + version).replace("volumes:\n", service + "volumes:\n")
                        + "  - {name: timer-conf, path: var/db/openedge/timer-conf}\n");
    }

    private Outcome update(String... words) throws IOException, InterruptedException {
        List<String> line = line(words);
        return gateway.command(line.subList(1, line.size()).toArray(String[]::new));
    }

    private List<String> line(String... words) {
        List<String> all = new ArrayList<>(List.of(
                Distribution.home().resolve("bin/openedge").toString(),
                "update",
                "-w",
                gateway.work().toString()));
        all.addAll(List.of(words));
        return all;
    }
}
