package io.openedge.cli.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the instances of a service print, a file for each; also of those that begin later. Thread rule: one at a time. */
public final class InstanceLogs implements Logged {
    private static final String END = ".log";

    private final Path folder;
    private final String service;
    private final Consumer<String> lines;
    private final Map<Path, ServiceLog> logs = new LinkedHashMap<>();

    /** @param folder of the service */
    public InstanceLogs(Path folder, String service, Consumer<String> lines) {
        this.folder = folder;
        this.service = service;
        this.lines = lines;
    }

    /** Whether an instance has a file there. */
    public static boolean areIn(Path folder) throws IOException {
        return Files.isDirectory(folder) && !files(folder).isEmpty();
    }

    /** The one that prints last at the end. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(END))
                    .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .toList();
        }
    }

    @Override
    public long print(long most) throws IOException {
        long found = 0;
        for (ServiceLog log : fresh()) {
            found += log.print(most);
        }
        return found;
    }

    private List<ServiceLog> fresh() throws IOException {
        return files(folder).stream()
                .filter(file -> !logs.containsKey(file))
                .map(file -> {
                    ServiceLog log = ServiceLog.own(file, service, lines);
                    logs.put(file, log);
                    return log;
                })
                .toList();
    }

    @Override
    public void finish() {
        logs.values().forEach(ServiceLog::finish);
    }

    @Override
    public void proceed() throws IOException {
        fresh();
        for (ServiceLog log : logs.values()) {
            log.proceed();
        }
    }

    @Override
    public void close() throws IOException {
        for (ServiceLog log : logs.values()) {
            log.close();
        }
    }
}
