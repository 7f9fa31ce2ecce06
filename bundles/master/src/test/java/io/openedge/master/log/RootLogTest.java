package io.openedge.master.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import io.openedge.app.ConfigException;
import io.openedge.config.LoggerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** Where the gateway's log goes. */
public class RootLogTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @After
    public void logToStandardOutputAgain() throws ConfigException {
        RootLog.configure(LoggerConfig.DEFAULT, Path.of(""), false);
    }

    @Test
    public void theFileInTheWorkDirectoryIsTheOnlyPlace() throws Exception {
        RootLog.configure(file("var/log/gateway.log"), folder.getRoot().toPath(), false);
        RootLog.configure(file("var/log/gateway.log"), folder.getRoot().toPath(), false);

        LoggerFactory.getLogger("some.library").info("a line for the file");
        LoggerFactory.getLogger("some.library").debug("a line for nobody");

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.iteratorForAppenders()).toIterable().hasSize(1);
        assertThat(Files.readString(folder.getRoot().toPath().resolve("var/log/gateway.log")))
                .contains("a line for the file")
                .doesNotContain("nobody");
    }

    @Test
    public void inTheForegroundStandardOutputStays() throws Exception {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(new ConsoleAppender<>());

        RootLog.configure(file("var/log/gateway.log"), folder.getRoot().toPath(), true);

        assertThat(root.iteratorForAppenders()).toIterable().hasSize(2).anyMatch(ConsoleAppender.class::isInstance);
    }

    @Test
    public void aFileThatCannotBeWrittenIsNamedAndTheLogGoesOn() throws Exception {
        Path blocked = folder.newFile("blocked").toPath();

        assertThatThrownBy(() -> RootLog.configure(
                        file("blocked/gateway.log"), folder.getRoot().toPath(), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(blocked.toString());
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.iteratorForAppenders()).toIterable().isNotEmpty();
    }

    @Test
    public void theFileBeforeGoesOnWhenTheNextCannotBeWritten() throws Exception {
        Path root = folder.getRoot().toPath();
        RootLog.configure(file("var/log/gateway.log"), root, false);
        folder.newFile("blocked");

        assertThatThrownBy(() -> RootLog.configure(file("blocked/gateway.log"), root, false))
                .isInstanceOf(ConfigException.class);

        LoggerFactory.getLogger("some.library").info("still here");
        assertThat(Files.readString(root.resolve("var/log/gateway.log"))).contains("still here");
    }

    private static LoggerConfig file(String path) {
        return new LoggerConfig(path, LoggerConfig.Level.INFO, null, null, null, null);
    }
}
