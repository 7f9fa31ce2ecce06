package io.openedge.cli.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A log file and those it was before it rolled over: {@code NAME.2026-01-31.0}. Stateless. */
final class LogParts {
    private static final Pattern ROLLED = Pattern.compile("\\.(\\d{4}-\\d\\d-\\d\\d)\\.(\\d{1,9})");

    private LogParts() {}

    /** Those that there are, the oldest first. */
    static List<Path> of(Path file) throws IOException {
        List<Part> rolled = new ArrayList<>();
        String name = String.valueOf(file.getFileName());
        try (Stream<Path> files = Files.list(Objects.requireNonNull(file.getParent()))) {
            for (Path one : (Iterable<Path>) files::iterator) {
                String other = String.valueOf(one.getFileName());
                Matcher end = ROLLED.matcher(other.startsWith(name) ? other.substring(name.length()) : "");
                if (end.matches()) {
                    rolled.add(new Part(one, end.group(1), Integer.parseInt(end.group(2))));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Path> parts = new ArrayList<>(rolled.stream()
                .sorted(Comparator.comparing(Part::day).thenComparing(Part::index))
                .map(Part::file)
                .toList());
        if (Files.isRegularFile(file)) {
            parts.add(file);
        }
        return parts;
    }

    private record Part(Path file, String day, int index) {}
}
