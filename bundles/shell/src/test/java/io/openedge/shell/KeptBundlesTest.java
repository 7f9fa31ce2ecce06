package io.openedge.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Bundles that an operator installs outlive the gateway's restart. */
public class KeptBundlesTest {
    @Rule
    public final LiveShell shell = new LiveShell();

    @Test
    public void installedAndStartedTheyComeAgain() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        shell.jar("two.jar", "two", "1", "");
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("install file:one.jar two.jar")).matches("Bundle IDs: \\d+, \\d+\nok");
        assertThat(terminal.type("start one")).isEqualTo("ok");
        Files.delete(shell.work().resolve("one.jar"));

        restart();

        assertThat(bundle("one").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(bundle("two").getState()).isEqualTo(Bundle.INSTALLED);
        assertThat(shell.terminal().type("openedge:bundles")).contains("one", "running", "two", "stopped");
    }

    @Test
    public void updatedTheyComeWithTheirNewContentAndOneCopyIsKept() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        Terminal terminal = shell.terminal();
        terminal.type("start file:one.jar");
        shell.jar("newer.jar", "one", "2", "");
        assertThat(terminal.type("update one file:newer.jar")).isEqualTo("one 2.0.0\nok");
        assertThat(shell.keptFiles()).hasSize(2).contains("bundles.list");

        restart();

        assertThat(bundle("one").getVersion().getMajor()).isEqualTo(2);
        assertThat(bundle("one").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    public void fromWhereItCameWhenNothingElseIsSaid() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        Terminal terminal = shell.terminal();
        terminal.type("install file:one.jar");
        shell.jar("one.jar", "one", "3", "");
        assertThat(terminal.type("update one")).isEqualTo("one 3.0.0\nok");
    }

    @Test
    public void aNameMeansTheGatewaysBundleBeforeThoseOfPackages() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        Path folder = Files.createDirectories(shell.work().resolve("var/lib/openedge/packages/service/digest"));
        Path ofPackage = Files.move(shell.jar("two.jar", "one", "2", ""), folder.resolve("0-one.jar"));
        shell.framework().getBundleContext().installBundle("reference:" + ofPackage.toUri());
        Terminal terminal = shell.terminal();
        terminal.type("start file:one.jar");

        assertThat(terminal.type("uninstall one")).isEqualTo("ok");

        assertThat(bundle("one").getVersion().getMajor()).isEqualTo(2);
        assertThat(terminal.type("start one")).as("when no other has the name").isEqualTo("ok");
    }

    @Test
    public void stoppedAndUninstalledStaysSo() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        shell.jar("two.jar", "two", "1", "");
        Terminal terminal = shell.terminal();
        terminal.type("start file:one.jar file:two.jar");
        assertThat(terminal.type("stop one")).isEqualTo("ok");
        assertThat(terminal.type("uninstall two")).isEqualTo("ok");
        assertThat(shell.keptFiles()).hasSize(2);

        restart();

        assertThat(bundle("one").getState()).isEqualTo(Bundle.INSTALLED);
        assertThat(find("two")).isEmpty();
    }

    @Test
    public void whatFailsLeavesNothing() throws Exception {
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("install file:nowhere.jar"))
                .contains("nowhere.jar")
                .endsWith("error");
        Files.writeString(shell.work().resolve("broken.jar"), "no jar");
        assertThat(terminal.type("install file:broken.jar")).endsWith("error");
        assertThat(terminal.type("install 'a b'")).contains("is no URL").endsWith("error");
        shell.jar("one.jar", "one", "1", "");
        shell.jar("same.jar", "one", "1", "");
        assertThat(terminal.type("install file:one.jar")).endsWith("ok");
        assertThat(terminal.type("install file:one.jar"))
                .contains("is installed already")
                .endsWith("error");
        assertThat(terminal.type("install file:same.jar"))
                .contains("not unique")
                .endsWith("error");
        assertThat(terminal.type("update one file:broken.jar")).endsWith("error");
        assertThat(shell.keptFiles()).hasSize(2);
    }

    @Test
    public void oneThatLacksSomethingStartsWhenThatIsThere() throws Exception {
        shell.jar("needs.jar", "needs", "1", "org.example.lib");
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("start file:needs.jar"))
                .contains("org.example.lib")
                .endsWith("error");

        restart();
        assertThat(bundle("needs").getState()).isEqualTo(Bundle.INSTALLED);
        shell.jar("brings.jar", "brings", "1", "=org.example.lib");
        assertThat(shell.terminal().type("start file:brings.jar")).isEqualTo("ok");

        await().atMost(Duration.ofSeconds(10)).until(() -> bundle("needs").getState() == Bundle.ACTIVE);
    }

    @Test
    public void aListThatIsBrokenIsPutAside() throws Exception {
        shell.jar("one.jar", "one", "1", "");
        shell.terminal().type("start file:one.jar");
        shell.stop();
        Files.writeString(shell.work().resolve("var/lib/openedge/bundles/bundles.list"), "nonsense\n");
        shell.start();

        assertThat(find("one")).isEmpty();
        assertThat(shell.keptFiles()).contains("bundles.list.broken").hasSize(2);
        assertThat(shell.terminal().type("start file:one.jar")).isEqualTo("ok");
    }

    private void restart() throws Exception {
        shell.stop();
        shell.start();
    }

    private Bundle bundle(String name) {
        return find(name).orElseThrow();
    }

    private Optional<Bundle> find(String name) {
        for (Bundle bundle : shell.framework().getBundleContext().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return Optional.of(bundle);
            }
        }
        return Optional.empty();
    }
}
