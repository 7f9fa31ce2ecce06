package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The shell's socket as the gateway serves it: what is said goes to standard output, how it went to the exit code. */
public class ShellCommandTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path work;
    private ServerSocketChannel server;

    @Before
    public void serve() throws Exception {
        work = folder.getRoot().toPath();
        System.setProperty("openedge.home", work.toString());
        Files.createDirectories(work.resolve("etc/openedge"));
        Files.writeString(work.resolve("etc/openedge/openedge.yml"), "mode: osgi\npidfile: var/run/openedge.pid\n");
        Path socket = Files.createDirectories(work.resolve("var/run/openedge")).resolve("shell.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread serving = new Thread(this::answer, "fake shell");
        serving.setDaemon(true);
        serving.start();
    }

    @After
    public void end() throws IOException {
        server.close();
        System.clearProperty("openedge.home");
    }

    @Test
    public void oneCommandOfTheCommandLine() {
        assertThat(Run.of("shell", "say", "gr\u00fc\u00dfe")).isEqualTo(new Run(0, "say gr\u00fc\u00dfe\n", ""));
        assertThat(Run.of("shell", "fail to say")).isEqualTo(new Run(1, "fail to say\n", ""));
        assertThat(Run.of("shell", "--", "start", "-t", "5")).isEqualTo(new Run(0, "start -t 5\n", ""));
    }

    @Test
    public void aScriptOnStandardInput() {
        assertThat(script("one\n\ntwo\n")).isEqualTo(new Run(0, "one\n\ntwo\n", ""));
        assertThat(script("fail\nthen go on")).isEqualTo(new Run(1, "fail\nthen go on\n", ""));
        assertThat(script("one\nexit\nnever")).isEqualTo(new Run(0, "one\n", ""));
    }

    @Test
    public void aSessionThatTheShellEnds() {
        assertThat(Run.of("shell", "bye")).isEqualTo(new Run(1, "", "openedge: the shell has ended the session\n"));
    }

    @Test
    public void noGateway() throws IOException {
        Files.delete(work.resolve("var/run/openedge/shell.sock"));
        Run run = Run.of("shell", "lb");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("openedge: the gateway of ").endsWith(" is not running\n");
    }

    private Run script(String lines) {
        InputStream in = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            int code = new ShellVerb(in)
                    .run(
                            Arguments.parse(List.of(), List.of()),
                            new Console(
                                    new PrintStream(out, true, StandardCharsets.UTF_8),
                                    new PrintStream(err, true, StandardCharsets.UTF_8),
                                    false));
            return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says each line again; one that begins with fail has failed, bye ends the session. */
    private void answer() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept();
                    Scanner lines = new Scanner(Channels.newReader(client, StandardCharsets.UTF_8))) {
                while (lines.hasNextLine()) {
                    String line = lines.nextLine();
                    if (line.equals("bye")) {
                        break;
                    }
                    String end = line.startsWith("fail") ? "error" : "ok";
                    client.write(ByteBuffer.wrap((line + "\n\u0004" + end + "\n").getBytes(StandardCharsets.UTF_8)));
                }
            } catch (ClosedChannelException over) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
