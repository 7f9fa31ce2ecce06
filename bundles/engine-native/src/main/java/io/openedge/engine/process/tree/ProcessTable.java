package io.openedge.engine.process.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of this host as /proc tells them, see proc(5). Immutable; any thread.
 *
 * @param proc /proc
 */
public record ProcessTable(Path proc) {
    private static final int TICKS = 100; // a second; of every Linux since 2.6 as far as programs see it
    private static final int STATE = 0; // fields of a stat line after the name in brackets
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    /** The table of this host. */
    public static ProcessTable ofHost() {
        return new ProcessTable(Path.of("/proc"));
    }

    /**
     * A process.
     *
     * @param pid its number; used again once it is gone
     * @param parent number of its parent, or of who takes its place
     * @param session number of the session's first process
     * @param started clock ticks since the kernel's boot: with pid and boot id it names one process for ever
     * @param dead whether it has ended and only waits for its parent to ask
     */
    public record Entry(long pid, long parent, long session, long started, boolean dead) {
        /** Names it while the kernel runs. */
        Id id() {
            return new Id(pid, started);
        }
    }

    /** What no other process of this run of the kernel has. */
    record Id(long pid, long started) {}

    /** What names the kernel's run; empty when it does not tell. */
    public String bootId() {
        return text(proc.resolve("sys/kernel/random/boot_id")).strip();
    }

    /** Now, in clock ticks since the kernel's boot. */
    long now() {
        String seconds = text(proc.resolve("uptime")).split(" ")[0];
        return seconds.isEmpty() ? 0 : (long) Math.ceil(Double.parseDouble(seconds) * TICKS);
    }

    /** The process of that number, if there is one. */
    public Optional<Entry> find(long pid) {
        return parse(pid, text(proc.resolve(Long.toString(pid)).resolve("stat")));
    }

    /** All processes; those that end meanwhile may be missing. */
    public List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[1-9]*")) {
            for (Path folder : folders) {
                find(Long.parseLong(folder.getFileName().toString())).ifPresent(entries::add);
            }
            return entries;
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException(new IOException("the processes of this host cannot be listed: " + e, e));
        }
    }

    /** Its words, each behind a NUL but the first; empty for kernel threads, the dead, and when there is none. */
    public String commandLine(long pid) {
        return text(proc.resolve(Long.toString(pid)).resolve("cmdline"));
    }

    /** Whether all of these NAME=VALUE are in the environment with which it was started; false when it is not ours to read. */
    public boolean hasVariables(long pid, Set<String> variables) {
        String environment = text(proc.resolve(Long.toString(pid)).resolve("environ"));
        return !environment.isEmpty() && List.of(environment.split("\0")).containsAll(variables);
    }

    /** A file of /proc is there or not from one moment to the next: absent and unreadable are the same. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static Optional<Entry> parse(long pid, String stat) {
        int name = stat.lastIndexOf(')'); // a program may have brackets and blanks in its name
        if (name < 0) {
            return Optional.empty();
        }
        String[] fields = stat.substring(name + 2).split(" ");
        if (fields.length <= START) {
            return Optional.empty();
        }
        boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return Optional.of(
                new Entry(pid, number(fields, PARENT), number(fields, SESSION), number(fields, START), dead));
    }

    private static long number(String[] fields, int index) {
        return Long.parseLong(fields[index].strip());
    }
}
