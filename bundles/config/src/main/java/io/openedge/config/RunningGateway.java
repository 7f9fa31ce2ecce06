package io.openedge.config;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the gateway that runs is to be met, as it wrote it down at its start: the command finds it although openedge.yml was
 * changed or broken since. What a crash left behind is told by the lock of the pid file. Immutable; any thread.
 *
 * @param files of the gateway
 * @param grace how long its instances may take to stop
 */
public record RunningGateway(GatewayFiles files, Duration grace) {
    private static final String FILE = "var/run/openedge/gateway";
    private static final String PID_FILE = "pidfile";
    private static final String API = "api";
    private static final String OPERATOR = "operator";
    private static final String GRACE = "grace";

    /** What was written down last; empty when there is nothing, or nothing that can be read. */
    public static Optional<RunningGateway> read(Path workDirectory) throws IOException {
        Properties lines = new Properties();
        try (Reader in = Files.newBufferedReader(file(workDirectory))) {
            lines.load(in);
            GatewayFiles files = new GatewayFiles(
                    workDirectory.toRealPath(),
                    Path.of(value(lines, PID_FILE)),
                    value(lines, API),
                    Path.of(value(lines, OPERATOR)));
            return Optional.of(new RunningGateway(files, Duration.parse(value(lines, GRACE))));
        } catch (NoSuchFileException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String value(Properties lines, String key) {
        String value = lines.getProperty(key, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(key);
        }
        return value;
    }

    /** Writes it down, whole or not at all. */
    public void write() throws IOException {
        Properties lines = new Properties();
        lines.setProperty(PID_FILE, files.pidFile().toString());
        lines.setProperty(API, files.apiAddress());
        lines.setProperty(OPERATOR, files.operatorSocket().toString());
        lines.setProperty(GRACE, grace.toString());
        Path file = file(files.workDirectory());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (Writer out = Files.newBufferedWriter(next)) {
            lines.store(out, null);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The gateway has stopped. */
    public void remove() throws IOException {
        Files.deleteIfExists(file(files.workDirectory()));
    }

    private static Path file(Path workDirectory) {
        return workDirectory.resolve(FILE);
    }
}
