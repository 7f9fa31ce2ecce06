package io.openedge.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** What an operator types, and what comes back. */
public class ShellTest {
    @Rule
    public final LiveShell shell = new LiveShell();

    @Test
    public void onlyTheOwnerMayConnect() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shell.socket())))
                .isEqualTo("rw-------");
        assertThat(shell.socket().resolveSibling(".s")).doesNotExist();
    }

    @Test
    public void gogoStartsWithTheFirstSession() throws Exception {
        assertThat(shell.framework().getRegisteredServices())
                .extracting(Object::toString)
                .noneMatch(name -> name.contains("Command"));
        assertThat(shell.terminal().type("lb -s"))
                .contains("Active", "org.apache.felix.framework")
                .endsWith("ok");
        assertThat(shell.framework().getRegisteredServices())
                .extracting(Object::toString)
                .anyMatch(name -> name.contains("CommandProcessor"));
    }

    @Test
    public void theGatewaysCommands() throws Exception {
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("openedge:services"))
                .isEqualTo("SERVICE   INSTANCES  RUNNING\nfunction  1          0\nok");
        assertThat(terminal.type("openedge:instances function"))
                .contains("function  i1        pending  -      0         waits for module x");
        assertThat(terminal.type("instances nobody")).isEqualTo("there is no service nobody\nerror");
        assertThat(terminal.type("openedge:inspect"))
                .contains(
                        "software:\n  os: linux\n",
                        "mode: osgi",
                        "services:\n  name: function\n  instances:\n    name: i1")
                .endsWith("ok");
        assertThat(terminal.type("openedge:restart function")).isEqualTo("function runs again\nok");
        assertThat(terminal.type("openedge:restart nobody")).isEqualTo("there is no service nobody\nerror");
        assertThat(shell.gateways.calls).containsExactly("restart function");
    }

    @Test
    public void everyCommandHasHelp() throws Exception {
        Terminal terminal = shell.terminal();
        String all = terminal.type("help");
        assertThat(all)
                .contains("felix:lb\n", "felix:install\n", "felix:headers\n", "felix:refresh\n", "felix:resolve\n")
                .contains("openedge:services\n", "openedge:instances\n", "openedge:inspect\n", "openedge:restart\n");
        all.lines()
                .filter(line -> line.startsWith("felix:") || line.startsWith("openedge:"))
                .forEach(command -> assertThat(terminal.type("help " + command))
                        .as(command)
                        .contains(" - ", "scope: ")
                        .endsWith("ok"));
    }

    @Test
    public void aLineThatIsNoneAndOneThatIsEmpty() throws Exception {
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("nonsense")).isEqualTo("Command not found: nonsense\nerror");
        assertThat(terminal.type("headers 999")).endsWith("error");
        assertThat(terminal.type("{")).endsWith("error");
        assertThat(terminal.type("")).isEqualTo("ok");
        assertThat(terminal.type("# nothing")).isEqualTo("ok");
        assertThat(terminal.type("start 999")).isEqualTo("there is no bundle 999\nerror");
        assertThat(terminal.type("start")).isEqualTo("missing: bundle to start\nerror");
    }

    @Test
    public void outputIsUtf8AndNeverHoldsTheEndMark() throws Exception {
        Terminal terminal = shell.terminal();
        assertThat(terminal.type("openedge:restart '\u0004gr\u00fc\u00dfe'"))
                .isEqualTo("there is no service ?gr\u00fc\u00dfe\nerror");
    }

    @Test
    public void sessionsStandSideBySideAndLeaveNothing() throws Exception {
        shell.terminal().type("lb");
        Set<String> before = threads();
        Terminal one = shell.terminal();
        Terminal other = shell.terminal();
        assertThat(one.type("x = 1")).endsWith("ok");
        assertThat(one.type("$x")).isEqualTo("1\nok");
        assertThat(other.type("$x")).isEqualTo("ok");
        assertThat(one.type("exit")).isEqualTo("(end)");
        other.close();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isEqualTo(before));
    }

    @Test
    public void closingEndsEverySessionAndRemovesTheSocket() throws Exception {
        Terminal terminal = shell.terminal();
        terminal.type("lb");
        shell.close();
        assertThat(terminal.isOver()).isTrue();
        assertThat(shell.socket()).doesNotExist();
        // Gogo's own thread for the session ends right after it was told to.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    public void oneSessionTooManyIsRefused() throws Exception {
        for (int i = 0; i < 16; i++) {
            assertThat(shell.terminal().type("")).isEqualTo("ok");
        }
        assertThat(shell.terminal().isOver()).isTrue();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("shell.*|pipe-.*|session-.*"))
                .map(name -> name.replaceAll("session-\\d+", "session"))
                .collect(Collectors.toSet());
    }
}
