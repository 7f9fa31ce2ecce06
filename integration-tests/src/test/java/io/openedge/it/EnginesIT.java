package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** One application with services under several engines: a user's program beside the modules in the framework. */
public class EnginesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    /** A program without any library: it speaks MQTT by hand, and tells what it is. */
    @Before
    public void aProgramOfTheUser() throws IOException {
        Path bin = Files.createDirectories(gateway.db("sensor/bin"));
        Files.writeString(bin.resolveSibling("package.yml"), "entry: bin/sensor\n");
        Files.writeString(
                bin.resolve("sensor"),
                String.join(
                        "\n",
                        "#!/usr/bin/env python3",
                        "import os, socket, struct, sys, time",
                        "def text(value): return struct.pack('>H', len(value)) + value.encode()",
                        "def packet(kind, body): return bytes([kind, len(body)]) + body",
                        "print('sensor begins, its token has', len(os.environ['OPENEDGE_SERVICE_TOKEN']), flush=True)",
                        "while True:",
                        "    try:",
                        "        hub = socket.create_connection(('127.0.0.1', int(sys.argv[1])))",
                        "        hub.sendall(packet(0x10, text('MQTT') + bytes([4, 0xC2, 0, 60])",
                        "            + text('sensor') + text('test') + text('hahaha')))",
                        "        assert hub.recv(4) == bytes([0x20, 2, 0, 0])",
                        "        while True:",
                        "            hub.sendall(packet(0x30, text('sensor/' + os.environ['OPENEDGE_RUNNING_MODE'])",
                        "                + os.getcwd().encode()))",
                        "            time.sleep(0.5)",
                        "    except OSError: time.sleep(0.2)",
                        ""));
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replace(
                                "\nservices:",
                                "\nservices:\n  - {name: sensor, image: sensor, replica: 1, engine: native, args: ['"
                                        + gateway.port()
                                        + "'], mounts: [{name: sensor, path: lib/openedge/sensor, readonly: true}]}")
                        .replace("\nvolumes:", "\nvolumes:\n  - {name: sensor, path: var/db/openedge/sensor}"));
    }

    @Test
    public void aProgramAsAProcessTalksToTheHubInTheFramework() throws Exception {
        gateway.start().expect(0);

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("sensor/native");
            assertThat(user.awaitMessage("sensor/native")).endsWith("var/run/openedge/services/sensor");
        }
        assertThat(gateway.instance("sensor")
                        .orElseThrow()
                        .path("process")
                        .path("name")
                        .asText())
                .isEqualTo("sensor");
        assertThat(gateway.instance("localhub").orElseThrow().has("process")).isFalse();
        assertThat(gateway.command("logs", "sensor", "-w", gateway.work().toString())
                        .expect(0)
                        .out())
                .contains("sensor begins, its token has");
    }

    @Test
    public void anEngineThatIsRestartedTakesItsServicesWithItAndBringsThemBack() throws Exception {
        gateway.start().expect(0);
        long first = process();

        gateway.command(
                        "shell",
                        "stop io.openedge.engine-native",
                        "-w",
                        gateway.work().toString())
                .expect(0);
        await("it is gone").atMost(LIMIT).until(() -> ProcessHandle.of(first).isEmpty());
        assertThat(gateway.instance("localhub").orElseThrow().path("status").asText())
                .isEqualTo("running");
        gateway.command(
                        "shell",
                        "start io.openedge.engine-native",
                        "-w",
                        gateway.work().toString())
                .expect(0);

        gateway.awaitState("sensor", "running");
        assertThat(process()).isNotEqualTo(first);
    }

    private long process() throws Exception {
        return gateway.instance("sensor")
                .orElseThrow()
                .path("process")
                .path("id")
                .asLong();
    }
}
