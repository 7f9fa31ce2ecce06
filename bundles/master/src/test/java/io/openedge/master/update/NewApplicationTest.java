package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What an update refuses before it touches anything: file, line, key, value and what is allowed. */
public class NewApplicationTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

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
        new Deployments(work, work.resolve("application.yml"), "docker")
                .wanted("app.yml", false, rules::check, warning -> {});
    }
}
