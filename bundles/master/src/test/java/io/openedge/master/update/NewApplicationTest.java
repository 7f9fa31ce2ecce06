package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.Applications;
import io.openedge.config.UserRange;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What an update refuses before it touches anything: file, line, key, value and what is allowed. */
public class NewApplicationTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private AppConfig before = AppConfig.NONE;

    @Test
    public void aPortThatTwoServicesPublishIsRefused() throws Exception {
        refused("""
                services:
                  - {name: aa, image: x, ports: ['1883:1883', '9000-9010:9000-9010/udp']}
                  - {name: bb, image: x, ports: ['127.0.0.1:1883:80']}
                """, "app.yml:3: services[1].ports[0]: '127.0.0.1:1883:80'", "service 'aa' does not publish");
        refused("""
                services:
                  - {name: aa, image: x, replica: 2, ports: ['1883:1883']}
                """, "app.yml:2: services[0].ports[0]", "each of the 2 replicas");
        accepted("""
                services:
                  - {name: aa, image: x, ports: ['127.0.0.1:1883:1883', '80', '53:53/udp']}
                  - {name: bb, image: x, ports: ['127.0.0.2:1883:1883', '80', '53:53/tcp']}
                  - {name: c, image: x, engine: osgi, ports: ['53:53/tcp']}
                """);
    }

    @Test
    public void anEngineThatThereIsNotIsRefused() throws Exception {
        refused("""
                services:
                  - name: a
                    image: x
                    engine: native
                """, "app.yml:4: services[0].engine: 'native'", "engine 'native' is not available");
    }

    @Test
    public void aVolumeThatCannotBeAFolderIsRefused() throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("file"), "x");
        Files.createSymbolicLink(folder.getRoot().toPath().resolve("out"), Path.of("/tmp"));
        refused("services: []\nvolumes:\n  - {name: v, path: file/x}\n", "app.yml:3: volumes[0].path", "is no folder");
        refused("services: []\nvolumes:\n  - {name: v, path: out/x}\n", "leads out of the work directory");
        refused("services: []\nvolumes:\n  - {name: v, path: var/run}\n", "operator's socket");
        accepted("services: []\nvolumes:\n  - {name: v, path: new/x}\n");
        assertThat(folder.getRoot().toPath().resolve("new")).doesNotExist();
    }

    @Test
    public void aPortThatAStrangerHasIsRefusedAndOneThatTheGatewayGivesUpIsNot() throws Exception {
        String text = """
                services:
                  - {name: aa, image: x, ports: ['PORT:1883', 'PORT:80/udp']}
                """;
        try (Stranger stranger = new Stranger(folder.newFile("port").toPath());
                ServerSocket own = new ServerSocket(0)) {
            String app = text.replace("PORT", String.valueOf(stranger.port()));
            refused(app, "app.yml:2: services[0].ports[0]", "another program listens on " + stranger.port());
            accepted(text.replace("PORT", String.valueOf(own.getLocalPort())));

            before = Applications.draft(app.getBytes(StandardCharsets.UTF_8), "old.yml", "docker", warning -> {})
                    .application();
            accepted(app);
        }
    }

    @Test
    public void allThatIsWrongIsSaidAtOnce() throws Exception {
        refused("""
                services:
                  - {name: aa, image: x, ports: ['1883:1883'], engine: native}
                  - {name: bb, image: x, ports: ['1883:1883', '99:99']}
                  - {name: cc, image: x, ports: ['99:99']}
                volumes:
                  - {name: v, path: var/run}
                """, "app.yml:2: services[0].engine", "app.yml:4: services[2].ports[0]", "app.yml:6: volumes[0].path");
        refused(
                """
                services:
                  - {name: aa, image: x, replica: many, mounts: [{name: v}]}
                  - {name: 'b b', image: x}
                  - {name: cc, image: x, restart: {policy: sometimes, backoff: {min: long}}}
                """,
                "app.yml:2: services[0].replica",
                "app.yml:3: services[1].name",
                "app.yml:4: services[2].restart.policy",
                "backoff.min");
        refused(
                """
                services:
                  - {name: aa, image: x, mounts: [{name: v, path: x}]}
                  - {name: aa, image: x, mounts: [{name: w, path: x}]}
                """,
                "app.yml:2: services[0].mounts[0].name",
                "app.yml:3: services[1].name",
                "app.yml:3: services[1].mounts[0].name");
    }

    /** A program that is nobody's child and listens. */
    private static final class Stranger implements AutoCloseable {
        private static final String PROGRAM = "import os,socket,time;s=socket.socket();s.bind((\"127.0.0.1\",0));"
                + "s.listen();print(os.getpid(),s.getsockname()[1],\"\",flush=True);time.sleep(60)";

        private final long pid;
        private final int port;

        Stranger(Path output) throws IOException {
            new ProcessBuilder("sh", "-c", "setsid python3 -c '" + PROGRAM + "' &")
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> Files.readString(output).contains("\n"));
            String[] words = Files.readString(output).split(" ");
            pid = Long.parseLong(words[0]);
            port = Integer.parseInt(words[1]);
        }

        int port() {
            return port;
        }

        @Override
        public void close() {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void refused(String text, String... words) throws Exception {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains(words);
    }

    private void accepted(String text) throws Exception {
        read(text);
    }

    private void read(String text) throws Exception {
        Path work = folder.getRoot().toPath();
        Files.writeString(work.resolve("app.yml"), text);
        NewApplication rules = new NewApplication(
                work,
                work.resolve("var/run/operator.sock"),
                "docker",
                engine -> engine.equals("native")
                        ? Optional.of("engine 'native' is not available in this installation")
                        : Optional.empty());
        Candidate candidate = new Deployments(work, work.resolve("application.yml"), "docker", UserRange.NONE)
                .wanted(
                        new ApplicationSet(
                                work, work.resolve("app.yml"), "app.yml", work.resolve("none"), Optional.empty()),
                        warning -> {});
        AppConfig application = candidate.deployment().application();
        Set<String> start =
                application.services().stream().map(ServiceSpec::name).collect(Collectors.toSet());
        candidate.draft().refuse(rules.problems(before, application, start, PortsInUse.ofHost()));
    }
}
