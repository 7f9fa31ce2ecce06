package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** logs of services, from the files of a gateway that does not run. */
public class LogsCommandTest {
    private static final String HUB_1 = "2026-01-31T12:00:00.000Z INFO  [hub-1] service.hub.hub - listening\n";
    private static final String HUB_2 =
            "2026-01-31T12:00:02.000Z ERROR [hub-1] service.hub.hub.i1 - it failed\n\tand says more\n"
                    + "\tjava.io.IOException: gone\n\t\tat io.openedge.X.y(X.java:1)\n";
    private static final String OTHERS =
            "2026-01-31T12:00:01.000Z INFO  [main] service.hub2.hub2 - not of hub\n\tjava.lang.Error: not of hub\n"
                    + "2026-01-31T12:00:01.500Z INFO  [main] io.openedge.master.Core - service.hub.hub is fine\n";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private Path work;
    private Path log;
    private Path own;

    @Before
    public void aWorkDirectory() throws Exception {
        work = folder.getRoot().toPath();
        log = work.resolve("var/log/openedge/openedge.log");
        own = work.resolve("var/db/openedge/timer-log/sub/timer.log");
        write("etc/openedge/openedge.yml", "mode: osgi\nlogger: {path: var/log/openedge/openedge.log}\n");
        write("var/db/openedge/application.yml", """
                services:
                  - {name: hub, image: openedge-hub}
                  - {name: hub2, image: openedge-hub}
                  - name: timer
                    image: openedge-timer
                    mounts: [{name: conf, path: /etc/openedge}, {name: log, path: var/log/openedge}, {name: db, path: var}]
                volumes:
                  - {name: conf, path: var/db/openedge/timer-conf}
                  - {name: log, path: /var/db/openedge/timer-log}
                  - {name: db, path: var/db/openedge/timer-db}
                """);
        write(
                "var/db/openedge/timer-conf/service.yml",
                "timer: {interval: 1s}\nlogger: {path: var/log/openedge/sub/timer.log, format: text}\n");
        System.setProperty("openedge.home", work.toString());
    }

    @After
    public void clear() {
        System.clearProperty("openedge.home");
    }

    @Test
    public void theLinesOfOneServiceWithWhatBelongsToThem() throws Exception {
        write("var/log/openedge/openedge.log", HUB_1 + OTHERS + HUB_2 + OTHERS);
        assertThat(logs("hub")).isEqualTo(new Run(0, HUB_1 + HUB_2, ""));
        assertThat(logs("hub", "-n", "1")).isEqualTo(new Run(0, HUB_2, ""));
        assertThat(logs("hub", "-n", "0")).isEqualTo(new Run(0, "", ""));
        assertThat(logs("hub2").out()).contains("not of hub", "java.lang.Error").doesNotContain("listening", "fine");
    }

    @Test
    public void whatProcessesPrintInstanceByInstance() throws Exception {
        write(
                "var/db/openedge/application.yml",
                "services: [{name: hub, image: openedge-hub, engine: native}, {name: other, image: x, engine: native}]");
        write("var/log/openedge/services/hub/hub.log", "its second\nits third\n");
        write("var/log/openedge/services/hub/hub.log.2026-01-31.0", "its first\n");
        write("var/log/openedge/services/hub/hub.i1.log", "the other one\n");
        assertThat(work.resolve("var/log/openedge/services/hub/hub.i1.log")
                        .toFile()
                        .setLastModified(1_000_000))
                .isTrue();

        assertThat(logs("hub")).isEqualTo(new Run(0, "the other one\nits first\nits second\nits third\n", ""));
        assertThat(logs("hub", "-n", "1").out()).isEqualTo("the other one\nits third\n");
    }

    @Test
    public void whatAContainerPrints() throws Exception {
        write("var/db/openedge/application.yml", "services: [{name: hub, image: openedge-hub, engine: docker}]");
        write("var/log/openedge/services/hub/hub.log", "said inside\n");

        assertThat(logs("hub").out()).isEqualTo("said inside\n");
    }

    @Test
    public void theSameInJson() throws Exception {
        String line = "{\"timestamp\":1,\"level\":\"INFO\",\"threadName\":\"a\",\"loggerName\":\"%s\","
                + "\"formattedMessage\":\"\\\"loggerName\\\":\\\"service.hub.x\\\"\",\"throwable\":{\"className\":\"X\"}}\n";
        write(
                "var/log/openedge/openedge.log",
                String.format(Locale.ROOT, line, "service.hub.hub")
                        + String.format(Locale.ROOT, line, "service.hub2.hub2"));
        assertThat(logs("hub").out()).isEqualTo(String.format(Locale.ROOT, line, "service.hub.hub"));
    }

    @Test
    public void filesThatRolledOverComeFirst() throws Exception {
        write("var/log/openedge/openedge.log.2026-01-30.9", entry(1));
        write("var/log/openedge/openedge.log.2026-01-30.10", entry(2) + OTHERS + entry(3));
        write("var/log/openedge/openedge.log.2026-01-31.0", entry(4) + entry(5));
        write("var/log/openedge/openedge.log.bak", entry(99));
        write("var/log/openedge/openedge.log", OTHERS + entry(6));
        assertThat(logs("hub").out()).isEqualTo(entries(1, 6));
        assertThat(logs("hub", "-n", "4").out()).isEqualTo(entries(3, 6));
        assertThat(logs("hub", "-n", "5").out()).isEqualTo(entries(2, 6));
        assertThat(logs("hub", "-n", "99").out()).isEqualTo(entries(1, 6));
    }

    @Test
    public void aFileOfItsOwnInAVolume() throws Exception {
        write("var/log/openedge/openedge.log", HUB_1);
        write(work.relativize(own) + ".2026-01-31.0", "an old format\n");
        Files.writeString(own, "2026-01-31T12:00:00.000Z INFO  [t] service.timer.timer - tick\n" + HUB_1 + "half a");
        assertThat(logs("timer"))
                .isEqualTo(new Run(
                        0,
                        "an old format\n2026-01-31T12:00:00.000Z INFO  [t] service.timer.timer - tick\nhalf a\n",
                        ""));
    }

    @Test
    public void aFileOfItsOwnThatCannotBeReadFromABrokenConfiguration() throws Exception {
        write("var/db/openedge/timer-conf/service.yml", "logger: [");
        write("var/log/openedge/openedge.log", HUB_1 + HUB_1.replace("hub", "timer"));
        assertThat(logs("timer").out()).isEqualTo(HUB_1.replace("hub", "timer"));
    }

    @Test
    public void nothingLoggedAndNothingThere() throws Exception {
        assertThat(logs("hub")).isEqualTo(new Run(0, "", "openedge: service hub has logged nothing so far\n"));
        Run ghost = logs("ghost");
        assertThat(ghost)
                .isEqualTo(new Run(1, "", "openedge: there is no service 'ghost'; there are hub, hub2, timer\n"));
        assertThat(logs("hub", "-n", "x").code()).isEqualTo(2);
        Files.delete(work.resolve("var/db/openedge/application.yml"));
        assertThat(logs("hub").err()).contains("there is no application: ");
    }

    @Test
    public void aGatewayThatLogsToStandardOutput() throws Exception {
        write("etc/openedge/openedge.yml", "mode: osgi\n");
        assertThat(logs("hub").err()).contains("logs to standard output").contains("logger.path");
        write("var/log/openedge/openedge.out", OTHERS + HUB_1);
        assertThat(logs("hub").out()).isEqualTo(HUB_1);
    }

    @Test
    public void whatComesIsFollowedThroughRollingOver() throws Exception {
        write("var/log/openedge/openedge.log", entries(1, 3));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread follower = new Thread(() -> new CommandLine(new Console(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        false))
                .run(List.of("logs", "hub", "-f", "-n", "1", "-w", work.toString())));
        follower.start();
        try {
            awaitText(out, entries(3, 3));
            append(entry(4).substring(0, 30));
            append(entry(4).substring(30) + OTHERS + HUB_2.substring(0, HUB_2.indexOf('\n') + 1));
            append(HUB_2.substring(HUB_2.indexOf('\n') + 1) + OTHERS);
            awaitText(out, entries(3, 4) + HUB_2);

            append(entry(5));
            roll("2026-01-31.0");
            write("var/log/openedge/openedge.log", entry(6));
            roll("2026-01-31.1");
            write("var/log/openedge/openedge.log", entry(7) + OTHERS);
            awaitText(out, entries(3, 4) + HUB_2 + entries(5, 7));

            Files.writeString(log, entry(8));
            awaitText(out, entries(3, 4) + HUB_2 + entries(5, 8));
        } finally {
            follower.interrupt();
            follower.join(10_000);
        }
        assertThat(follower.isAlive()).isFalse();
    }

    @Test
    public void aFileThatIsNotThereYetIsFollowedToo() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread follower = new Thread(() -> new CommandLine(new Console(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        false))
                .run(List.of("logs", "timer", "-f", "-w", work.toString())));
        follower.start();
        try {
            write(work.relativize(own).toString(), "tick\n");
            awaitText(out, "tick\n");
        } finally {
            follower.interrupt();
            follower.join(10_000);
        }
    }

    @Test
    public void allInstancesOfAServiceAreFollowedAlsoThoseThatBeginLater() throws Exception {
        write("var/db/openedge/application.yml", "services: [{name: app, image: app, engine: native}]");
        String folder = "var/log/openedge/services/app/";
        write(folder + "app.log", "app 1\n");
        write(folder + "app.i1.log", "app.i1 1\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread follower = new Thread(() -> new CommandLine(new Console(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        false))
                .run(List.of("logs", "app", "-f", "-w", work.toString())));
        follower.start();
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> out.toString(StandardCharsets.UTF_8).lines().count() == 2);
            String before = out.toString(StandardCharsets.UTF_8);
            Files.writeString(work.resolve(folder + "app.log"), "app 2\n", StandardOpenOption.APPEND);
            awaitText(out, before + "app 2\n");
            Files.writeString(work.resolve(folder + "app.i1.log"), "app.i1 2\n", StandardOpenOption.APPEND);
            awaitText(out, before + "app 2\napp.i1 2\n");
            write(folder + "app.x.log", "app.x 1\n");
            awaitText(out, before + "app 2\napp.i1 2\napp.x 1\n");
        } finally {
            follower.interrupt();
            follower.join(10_000);
        }
    }

    private Run logs(String service, String... options) {
        String[] words = new String[options.length + 4];
        System.arraycopy(new String[] {"logs", service, "-w", work.toString()}, 0, words, 0, 4);
        System.arraycopy(options, 0, words, 4, options.length);
        return Run.of(words);
    }

    private void write(String path, String text) throws Exception {
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void append(String text) throws Exception {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }

    private void roll(String end) throws Exception {
        Files.move(log, log.resolveSibling("openedge.log." + end));
    }

    private static String entry(int number) {
        return "2026-01-31T12:00:00.000Z INFO  [hub-1] service.hub.hub - entry " + number + "\n";
    }

    private static String entries(int first, int last) {
        StringBuilder all = new StringBuilder();
        for (int i = first; i <= last; i++) {
            all.append(entry(i));
        }
        return all.toString();
    }

    private static void awaitText(ByteArrayOutputStream out, String text) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(text));
    }
}
