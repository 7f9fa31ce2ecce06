package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.openedge.it.FaultyWire.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A bridge whose connections are spoiled again and again on both sides while clients publish in both directions: every
 * acknowledged message arrives on the other side, one of QoS 2 once, and in order where the brokers keep it. The property {@code openedge.rounds} is the
 * number of cuts.
 */
public class BridgeCutsIT {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 8);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LAST_MOMENT_MILLIS = 200;
    private static final Predicate<String> ANY = fault -> true;
    private static final Predicate<String> LOSS = fault -> fault.contains("missing");

    @Rule
    public final TemporaryFolder scratch =
            TemporaryFolder.builder().parentFolder(new java.io.File("/tmp")).build();

    @Rule
    public final Gateway gateway = Gateway.ofExample("remote");

    @Rule
    public final Gateway other = Gateway.ofExample("osgi");

    private final Random random = new Random();
    /** What the remote is spoken to in: the newest that it knows, if nothing else is said. */
    private String version = "auto";

    @Test
    public void cutsUnderOsgi() throws Exception {
        cutsBeforeMosquitto("osgi");
    }

    @Test
    public void cutsUnderNative() throws Exception {
        version = "3.1.1";
        cutsBeforeMosquitto("native");
    }

    @Test
    public void cutsUnderDocker() throws Exception {
        new ModuleImages().before();
        cutsBeforeMosquitto("docker");
    }

    private void cutsBeforeMosquitto(String mode) throws Exception {
        try (FarBroker cloud = new FarBroker(scratch.getRoot().toPath())) {
            cuts(mode, cloud.port(), false, mode + " and mosquitto");
        }
    }

    @Test
    public void cutsBetweenTwoGateways() throws Exception {
        other.start().expect(0);
        cuts("osgi", other.port(), true, "two gateways");
    }

    private void cuts(String mode, int farPort, boolean ordered, String what) throws Exception {
        try (FaultyWire near = new FaultyWire(gateway.port());
                FaultyWire far = new FaultyWire(farPort);
                BridgeLoad load = new BridgeLoad(gateway.port(), farPort, ordered)) {
            start(mode, near.port(), far.port());
            load.start();
            for (int round = 0; round < ROUNDS; round++) {
                load.progress(ANY);
                aMoment();
                Fault fault = Fault.values()[(round / 2) % Fault.values().length];
                (round % 2 == 0 ? far : near).spoil(fault);
            }
            load.progress(ANY);
            note(what + ": " + ROUNDS + " cuts, " + load.finish(ANY)
                    + " messages acknowledged: none lost, none of QoS 2 doubled");
        }
    }

    @Test
    public void restartsOfTheRemoteLoseAndDoubleNothing() throws Exception {
        try (FarBroker cloud = new FarBroker(scratch.getRoot().toPath());
                BridgeLoad load = new BridgeLoad(gateway.port(), cloud.port(), false)) {
            start("osgi", gateway.port(), cloud.port());
            load.start();
            int restarts = Math.max(2, ROUNDS / 10);
            for (int round = 0; round < restarts; round++) {
                load.progress(ANY);
                aMoment();
                cloud.stop();
                cloud.start();
            }
            load.progress(ANY);
            note(restarts + " restarts of mosquitto, " + load.finish(ANY)
                    + " messages acknowledged: none lost, none of QoS 2 doubled");
        }
    }

    @Test
    public void killsOfTheBridgeLoseNothing() throws Exception {
        other.start().expect(0);
        try (BridgeLoad load = new BridgeLoad(gateway.port(), other.port(), true)) {
            start("native", gateway.port(), other.port());
            load.start();
            int kills = Math.max(2, ROUNDS / 10);
            for (int round = 0; round < kills; round++) {
                load.progress(LOSS);
                aMoment();
                kill();
            }
            load.progress(LOSS);
            note(kills + " kills of the bridge, " + load.finish(LOSS) + " messages acknowledged: none lost");
        }
    }

    @Test
    public void killsOfTheGatewayLoseNothing() throws Exception {
        try (FarBroker cloud = new FarBroker(scratch.getRoot().toPath());
                BridgeLoad load = new BridgeLoad(gateway.port(), cloud.port(), false)) {
            start("osgi", gateway.port(), cloud.port());
            load.start();
            int kills = Math.max(2, ROUNDS / 10);
            for (int round = 0; round < kills; round++) {
                load.progress(LOSS);
                aMoment();
                gateway.kill9();
                gateway.start().expect(0);
            }
            load.progress(LOSS);
            note(kills + " kills of a gateway with hub and bridge, " + load.finish(LOSS)
                    + " messages acknowledged: none lost");
        }
    }

    @Test
    public void killsOfTheFarHubLoseAndDoubleNothing() throws Exception {
        other.start().expect(0);
        try (BridgeLoad load = new BridgeLoad(gateway.port(), other.port(), true)) {
            start("osgi", gateway.port(), other.port());
            load.start();
            int kills = Math.max(2, ROUNDS / 10);
            for (int round = 0; round < kills; round++) {
                load.progress(ANY);
                aMoment();
                other.kill9();
                other.start().expect(0);
            }
            load.progress(ANY);
            note(kills + " kills of the far gateway with its hub, " + load.finish(ANY)
                    + " messages acknowledged: none lost, none of QoS 2 doubled");
        }
    }

    private void start(String mode, int hubPort, int farPort) throws Exception {
        boolean contained = mode.equals("docker");
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace(
                        "image: openedge-remote-mqtt",
                        "image: openedge-remote-mqtt\n    restart: {backoff: {max: 1s}}"
                                + (contained ? "\n    engine: docker" : "")));
        if (!contained) {
            gateway.edit(
                    gateway.work().resolve("etc/openedge/openedge.yml"),
                    text -> text.replace("mode: osgi", "mode: " + mode));
        }
        String host = contained ? "localhub" : "127.0.0.1"; // in a container the name of this machine
        Files.writeString(
                gateway.db("remote-conf/service.yml"),
                String.join(
                        "\n",
                        "hub: {address: 'tcp://" + host + ":" + hubPort
                                + "', username: test, password: hahaha, interval: 500ms, timeout: 5s}",
                        "remotes: [{name: cloud, address: 'tcp://" + host + ":" + farPort
                                + "', username: test, password: hahaha, interval: 500ms, timeout: 5s, version: "
                                + version + "}]",
                        "rules:",
                        "  - hub: {clientid: bridge-near, subscriptions: [{topic: up/#, qos: 2}]}",
                        "    remote: {name: cloud, clientid: bridge-far, subscriptions: [{topic: down/#, qos: 2}]}",
                        ""));
        gateway.start().expect(0);
        await("the remote is connected")
                .atMost(LIMIT)
                .until(() -> bridge().at("/remotes/cloud/state").asText().equals("connected"));
    }

    private JsonNode bridge() throws IOException, InterruptedException {
        return gateway.instance("remote").orElseThrow();
    }

    private void kill() throws Exception {
        ProcessHandle process =
                ProcessHandle.of(bridge().at("/process/id").asLong()).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        await("it is dead").atMost(LIMIT).until(() -> !process.isAlive());
    }

    private void aMoment() throws InterruptedException {
        new CountDownLatch(1).await(random.nextInt(LAST_MOMENT_MILLIS), TimeUnit.MILLISECONDS);
    }

    private static void note(String line) throws IOException {
        Files.writeString(
                Path.of("target/bridge-cuts.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
