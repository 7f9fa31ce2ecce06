package io.openedge.cli.logs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a service has logged and goes on to log. Thread rule: one at a time. */
public final class ServiceLog implements Logged {
    private final Path file;
    private final Predicate<String> loggers;
    private final Consumer<String> lines;
    private @Nullable Tail current;
    private Entries entries;

    private ServiceLog(Path file, Predicate<String> loggers, Consumer<String> lines) {
        this.file = file;
        this.loggers = loggers;
        this.lines = lines;
        this.entries = new Entries(loggers, 0, lines);
    }

    /** In a file of its own. */
    public static ServiceLog own(Path file, String service, Consumer<String> lines) {
        return new ServiceLog(file, Entries.notOfOthers(service), lines);
    }

    /** Among others in the log of the gateway. */
    public static ServiceLog among(Path file, String service, Consumer<String> lines) {
        return new ServiceLog(file, Entries.ofService(service), lines);
    }

    @Override
    public long print(long most) throws IOException {
        List<Tail> parts = open(LogParts.of(file));
        try {
            int first = parts.size();
            long found = 0;
            while (first > 0 && found < most) {
                first--;
                found += count(parts.get(first));
            }
            long skip = Math.max(0, found - most);
            for (Tail part : parts.subList(first, parts.size())) {
                part.rewind();
                entries = new Entries(loggers, skip, lines);
                skip = 0;
                part.drain(entries);
            }
            if (first == parts.size() && first > 0) {
                count(parts.get(first - 1));
            }
            return Math.min(found, most);
        } finally {
            keepLast(parts);
        }
    }

    @Override
    public void finish() {
        if (current != null && current.hasUnfinished()) {
            current.finish(entries);
        }
    }

    /** Goes on in the next file when this one rolls over. */
    @Override
    public void proceed() throws IOException {
        Tail tail = current;
        if (tail == null) {
            proceed(LogParts.of(file));
        } else if (tail.is(file) && tail.isCut()) {
            tail.rewind();
            tail.drain(entries);
        } else {
            boolean rolled = !tail.is(file);
            tail.drain(entries);
            if (rolled) {
                proceed(after(tail, LogParts.of(file)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }

    private void proceed(List<Path> newer) throws IOException {
        for (Path path : newer) {
            Tail next;
            try {
                next = Tail.open(path);
            } catch (NoSuchFileException e) {
                return; // it rolls over just now and is found again
            }
            close();
            current = next;
            entries = new Entries(loggers, 0, lines);
            next.drain(entries);
        }
    }

    /** The parts that came after one; when that is gone, the file alone. */
    private List<Path> after(Tail tail, List<Path> parts) throws IOException {
        for (int i = 0; i < parts.size(); i++) {
            if (tail.is(parts.get(i))) {
                return parts.subList(i + 1, parts.size());
            }
        }
        return parts.contains(file) ? List.of(file) : List.of();
    }

    private long count(Tail part) throws IOException {
        part.rewind();
        Entries counted = new Entries(loggers, 0, line -> {});
        part.drain(counted);
        return counted.count();
    }

    private static List<Tail> open(List<Path> parts) throws IOException {
        List<Tail> tails = new ArrayList<>();
        for (Path part : parts) {
            try {
                tails.add(Tail.open(part));
            } catch (NoSuchFileException rolled) {
                continue;
            }
        }
        return tails;
    }

    private void keepLast(List<Tail> parts) throws IOException {
        for (int i = 0; i < parts.size() - 1; i++) {
            parts.get(i).close();
        }
        if (!parts.isEmpty()) {
            current = parts.get(parts.size() - 1);
        }
    }
}
