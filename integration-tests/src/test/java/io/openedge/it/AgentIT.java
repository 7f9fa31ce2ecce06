package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * An agent in a container deploys what a cloud wants, on a gateway that takes only what was signed: a hub in a container, whose
 * configuration comes from the cloud too.
 */
public class AgentIT {
    private static final String AGENT = "  - {name: agent, image: openedge-agent, replica: 1, mounts: ["
            + "{name: agent-conf, path: etc/openedge, readonly: true}, {name: all, path: var/db/openedge/volumes}]}\n";
    private static final String VOLUMES =
            "volumes:\n  - {name: agent-conf, path: var/db/openedge/agent-conf}\n  - {name: all, path: var/db/openedge}\n";

    @ClassRule
    public static final ModuleImages IMAGES = new ModuleImages();

    @Rule
    public final TemporaryFolder scratch = new TemporaryFolder();

    @Rule
    public final Gateway gateway = Gateway.ofExample("docker");

    @Test
    public void whatACloudWantsComesIntoContainersWhenItIsSigned() throws Exception {
        Path key = gateway.work().resolve("ops.key");
        gateway.command("sign", "--make-key", key.toString()).expect(0);
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"), text -> text + "\ntrust: {keys: [ops.key.pub]}\n");
        Files.writeString(gateway.db("application.yml"), application("v1", "", ""));
        try (Cloud cloud = new Cloud(scratch.getRoot().toPath())) {
            cloud.configure(gateway.db("agent-conf"), "openedge-gateway");
            gateway.start().expect(0);
            cloud.awaitAgent();

            Path set = set(cloud, "v2");
            gateway.command("sign", "--key", key.toString(), "--number", "1", set.toString())
                    .expect(0);
            pack(cloud.file("v2.zip"), set, "application.yml", "openedge.manifest");
            cloud.want("v2");

            cloud.awaitReport("v2 runs", report -> runs("v2", report) && !report.contains("\"error\""));
            assertThat(HubClient.reachable(gateway.port())).isTrue();
            assertThat(ModuleImages.containersOf(gateway)).hasSize(2);

            Path unsigned = set(cloud, "v3");
            pack(cloud.file("v3.zip"), unsigned, "application.yml");
            cloud.want("v3");

            String report = cloud.awaitReport("v3 is refused", text -> text.contains("version v3: "));
            assertThat(report).contains("openedge.manifest: is not there");
            assertThat(runs("v2", report)).isTrue();
            assertThat(HubClient.reachable(gateway.port())).isTrue();
        }
    }

    private static boolean runs(String version, String report) {
        return report.contains("\"conf_version\":\"" + version + "\"");
    }

    /** An application as its author has it: what the gateway has already and the new volume at their paths. */
    private Path set(Cloud cloud, String version) throws Exception {
        Path set = scratch.newFolder("set-" + version).toPath();
        copy(gateway.db("agent-conf"), set.resolve("var/db/openedge/agent-conf"));
        String path = "var/db/openedge/hub-conf/" + version;
        Path conf = Files.createDirectories(set.resolve(path));
        Files.writeString(
                conf.resolve("service.yml"),
                "listen: ['tcp://0.0.0.0:" + gateway.port() + "']\nprincipals:\n"
                        + "  - {username: test, password: hahaha, permissions: [{action: pub, permit: ['#']}]}\n");
        pack(cloud.file("hub-" + version + ".zip"), conf, "service.yml");
        Files.writeString(
                set.resolve("application.yml"),
                application(
                        version,
                        "  - {name: hub, image: openedge-hub, replica: 1, ports: ['127.0.0.1:" + gateway.port() + ":"
                                + gateway.port()
                                + "'], mounts: [{name: hub-conf, path: etc/openedge, readonly: true}]}\n",
                        "  - {name: hub-conf, path: " + path + ", meta: " + cloud.meta("hub-" + version + ".zip")
                                + "}\n"));
        return set;
    }

    private static String application(String version, String services, String volumes) {
        return "version: " + version + "\nservices:\n" + AGENT + services + VOLUMES + volumes;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void pack(Path zip, Path folder, String... names) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream archive = new ZipOutputStream(out)) {
            for (String name : names) {
                archive.putNextEntry(new ZipEntry(name));
                Files.copy(folder.resolve(name), archive);
            }
        }
    }
}
