package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The logger section at work, with real files. */
public class LogAppendersTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LoggerContext context = new LoggerContext();
    private Path root;

    @Before
    public void start() {
        root = folder.getRoot().toPath();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.start();
    }

    @After
    public void stop() {
        context.stop();
    }

    private Logger logger(String name, String section) throws ConfigException {
        LoggerConfig config = ConfigReader.read(section, "f.yml", LoggerConfig.class, warning -> {});
        Appender<ILoggingEvent> appender = LogAppenders.create(context, name, config, root);
        Logger logger = context.getLogger(name);
        logger.setLevel(LogAppenders.level(LoggerConfig.Level.TRACE));
        logger.setAdditive(false);
        logger.addAppender(appender);
        return logger;
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(root.resolve(file));
    }

    @Test
    public void textLinesGoToTheFileInTheDirectory() throws Exception {
        Logger logger = logger("service.a", "path: var/log/openedge/service.log");

        logger.debug("hidden");
        logger.info("from {}", "a");
        logger.warn("two\nlines");
        logger.error("bad", new IllegalStateException("why"));

        List<String> lines = lines("var/log/openedge/service.log");
        assertThat(lines.get(0))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[.*] service\\.a - from a");
        assertThat(lines.get(1)).endsWith("Z WARN  [" + Thread.currentThread().getName() + "] service.a - two");
        assertThat(lines.get(2)).isEqualTo("\tlines");
        assertThat(lines.get(3)).endsWith(" service.a - bad");
        assertThat(lines.get(4)).isEqualTo("\tjava.lang.IllegalStateException: why");
        assertThat(lines.get(5)).startsWith("\t\tat ");
    }

    @Test
    public void jsonLinesHoldTheMessage() throws Exception {
        Logger logger = logger("a", "{path: a.log, format: json}");

        logger.info("say \"{}\"\n", "hi");

        assertThat(lines("a.log"))
                .singleElement()
                .asString()
                .startsWith("{")
                .contains("\"level\":\"INFO\"", "\"formattedMessage\":\"say \\\"hi\\\"\\n\"")
                .endsWith("}");
    }

    @Test
    public void theOldWordFatalMeansError() throws Exception {
        Logger logger = logger("a", "{path: a.log, level: fatal}");

        logger.warn("hidden");
        logger.error("shown");

        assertThat(lines("a.log")).singleElement().asString().endsWith(" ERROR [main] a - shown");
    }

    @Test
    public void withoutAPathItIsStandardOutput() throws Exception {
        Appender<ILoggingEvent> appender = LogAppenders.create(context, "a", LoggerConfig.DEFAULT, root);

        assertThat(appender).isInstanceOf(ConsoleAppender.class);
        assertThat(appender.isStarted()).isTrue();
        appender.stop();
    }

    @Test
    public void aFullFileIsRolledAndAllTogetherAreBounded() throws Exception {
        Logger logger = logger("a", "{path: logs/a.log, size: {max: 1}, backup: {max: 2}}");

        String line = "x".repeat(10_000);
        for (int i = 0; i < 600; i++) {
            logger.info(line);
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(sizes()).hasSizeBetween(2, 4).allMatch(size -> size < 1_200_000);
            assertThat(sizes().stream().mapToLong(Long::longValue).sum()).isLessThan(4_000_000);
        });
    }

    private List<Long> sizes() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("logs"))) {
            return files.map(file -> file.toFile().length()).toList();
        }
    }

    @Test
    public void instancesOfOneServiceDoNotShareAFile() throws Exception {
        Logger first = logger("s", "path: service.log");
        Logger second = logger("s.i1", "path: service.log");
        first.info("one");
        second.info("two");

        assertThat(lines("service.log")).hasSize(1);
        assertThat(lines("service-s.i1.log")).hasSize(1);

        first.detachAndStopAllAppenders();
        logger("s.i2", "path: service.log").info("three");
        assertThat(lines("service.log")).hasSize(2);
    }

    @Test
    public void aFileThatCannotBeWrittenIsSaid() throws Exception {
        Files.createDirectories(root.resolve("folder"));
        assertThatThrownBy(() -> logger("a", "path: folder"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("logger.path: " + root.resolve("folder") + " cannot be written");
        Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> logger("b", "path: file/a.log"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("logger.path: the folder of " + root.resolve("file/a.log"));
    }
}
