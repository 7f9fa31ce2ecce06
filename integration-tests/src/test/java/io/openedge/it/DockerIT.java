package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Services in containers, beside one in the framework, as an operator has them. Needs a Docker daemon. */
public class DockerIT {
    private static final String IMAGE = "openedge-test/gateway:1";
    private static final String RUN = "trap 'exit 0' TERM; while true; do sleep 1000 & wait; done";

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private final List<String> strangers = new ArrayList<>();

    /** The hub of the example in the framework, five containers beside it. */
    @Before
    public void application() throws Exception {
        makeImage();
        String ask = "curl -s --unix-socket ${OPENEDGE_MASTER_API#unix://} -H \"x-openedge-username: asker\""
                + " -H \"x-openedge-password: $OPENEDGE_SERVICE_TOKEN\" http://gateway/v1/ports/available; echo; "
                + "nc localhub " + gateway.port() + " </dev/null && echo reached the hub; ";
        StringBuilder application = new StringBuilder("services:\n")
                .append(
                        "  - {name: localhub, image: openedge-hub, replica: 1, mounts: [{name: conf, path: etc/openedge}]}\n")
                .append(container("asker", ask + RUN));
        for (int n = 0; n < 4; n++) {
            application.append(container("plain" + n, RUN));
        }
        application.append("volumes:\n  - {name: conf, path: var/db/openedge/localhub-conf}\n");
        Files.writeString(gateway.db("application.yml"), application);
        gateway.edit(gateway.db("localhub-conf/service.yml"), text -> text.replace("127.0.0.1:", "0.0.0.0:"));
    }

    private static String container(String name, String script) {
        return "  - {name: " + name + ", image: '" + IMAGE + "', engine: docker, replica: 1, args: ['"
                + script.replace("'", "''") + "']}\n";
    }

    @After
    public void removeStrangers() throws Exception {
        for (String stranger : strangers) {
            ModuleImages.docker("rm", "-f", stranger);
        }
    }

    @Test
    public void containersReachTheApiAndTheHubAndGoWithTheGateway() throws Exception {
        gateway.start().expect(0);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(gateway.command(
                                        "logs", "asker", "-w", gateway.work().toString())
                                .out())
                        .contains("{\"port\":", "reached the hub"));
        assertThat(gateway.command("status", "-w", gateway.work().toString()).out())
                .contains("plain3");

        gateway.stop().expect(0);

        assertThat(containers()).isEmpty();
    }

    /** Loop: {@code -Dopenedge.rounds=N} kills. */
    @Test
    public void whatAKilledGatewayLeftIsReplacedAndAStrangerStays() throws Exception {
        gateway.start().expect(0);
        strangers.add(ModuleImages.docker("run", "-d", "--name", "relt-plain0-prod", IMAGE, RUN));
        for (int round = 0; round < Integer.getInteger("openedge.rounds", 2); round++) {
            List<String> before = containers();
            assertThat(before).hasSize(5);
            gateway.kill9();

            gateway.start().expect(0);

            List<String> after = containers();
            assertThat(after).hasSize(5).doesNotContainAnyElementsOf(before);
            assertThat(after).allSatisfy(id -> assertThat(running(id)).isEqualTo("true"));
        }
        assertThat(running("relt-plain0-prod")).isEqualTo("true");
    }

    private static String running(String container) throws IOException, InterruptedException {
        return ModuleImages.docker("inspect", "-f", "{{.State.Running}}", container);
    }

    private List<String> containers() throws IOException, InterruptedException {
        return ModuleImages.containersOf(gateway);
    }

    private static void makeImage() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("image");
        for (String name : List.of("bin", "tmp", "etc")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.copy(Path.of("/usr/bin/busybox"), folder.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String name : List.of("sh", "sleep", "nc", "echo")) {
            Files.createSymbolicLink(folder.resolve("bin").resolve(name), Path.of("busybox"));
        }
        for (String file : ModuleImages.run("sh", "-c", "echo /usr/bin/curl; ldd /usr/bin/curl | grep -o '/[^ ]*'")
                .split("\n")) {
            Path copy = folder.resolve(file.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(file), copy);
        }
        ModuleImages.run(
                "sh",
                "-c",
                "tar -C " + folder + " -cf - . | docker import --change 'ENTRYPOINT [\"/bin/sh\", \"-c\"]' - " + IMAGE
                        + " && rm -r " + folder);
    }
}
