package io.openedge.function.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kills a process with all that it started. Stateless; any thread. */
final class ProcessTree {
    private ProcessTree() {}

    /**
     * Kills the process, its descendants, and what is left of its session when it was the leader of one (children whose
     * parent is gone are found no other way). Without effect on what has ended.
     */
    static void kill(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.addAll(session(process.pid()));
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> session(long leader) {
        List<ProcessHandle> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != leader && sessionOf(process) == leader) {
                    ProcessHandle.of(pid).ifPresent(members::add);
                }
            }
        } catch (IOException e) {
            return List.of(); // no /proc: descendants must do
        }
        return members;
    }

    private static long sessionOf(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // after the name in parentheses, which may hold anything: state, parent, group, session
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[3]);
        } catch (IOException e) {
            return -1; // ended meanwhile
        }
    }
}
