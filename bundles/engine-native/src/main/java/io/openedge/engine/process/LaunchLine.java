package io.openedge.engine.process;

import io.openedge.app.Resources;
import io.openedge.directory.Mount;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The command that starts a program as a service wants it: in a session of its own, with its mounts, as its user, on its
 * processors. It waits until the gateway says {@link #GO} on its standard input: until then no code of the service runs,
 * and it ends when the gateway does. All its steps are one process, which becomes the program. Immutable; any thread.
 *
 * @param steps what comes before the last shell
 * @param shell the last one
 * @param gate its script
 * @param ownSession whether the process leads a session of its own
 */
record LaunchLine(List<String> steps, List<String> shell, String gate, boolean ownSession) {
    static final String GO = "go\n";

    /** The end of the launch when the gateway is not there any more. */
    static final int NO_GATEWAY = 125;

    private static final String WAIT = """
            read -r OPENEDGE_LAUNCH_GATE && [ "$OPENEDGE_LAUNCH_GATE" = go ] || exit 125
            OPENEDGE_LAUNCH_GATE=0
            while eval "OPENEDGE_LAUNCH_NOW=\\${OPENEDGE_LAUNCH_$OPENEDGE_LAUNCH_GATE-}" && [ -n "$OPENEDGE_LAUNCH_NOW" ]; do
                export "$OPENEDGE_LAUNCH_NOW"
                unset "OPENEDGE_LAUNCH_$OPENEDGE_LAUNCH_GATE"
                OPENEDGE_LAUNCH_GATE=$((OPENEDGE_LAUNCH_GATE + 1))
            done 2>/dev/null
            unset OPENEDGE_LAUNCH_GATE OPENEDGE_LAUNCH_NOW
            """;
    /** With the instance's name as the program's own. */
    private static final String BASH = "exec -a \"$0\" \"$@\" </dev/null\n";

    private static final String SH = "exec \"$@\" </dev/null\n";

    /** Pairs of ro or rw and a folder, then -- and what comes next. */
    private static final String BIND = """
            while [ "$1" != -- ]; do
                "$0" --rbind "$2" "$2" && "$0" -o "remount,bind,$1" "$2" || exit 126
                shift 2
            done
            shift
            exec "$@"
            """;

    LaunchLine {
        steps = List.copyOf(steps);
        shell = List.copyOf(shell);
    }

    /**
     * The line of a service.
     *
     * @param bind whether its readonly mounts are to be enforced
     * @param memoryByProcess whether {@code memory.limit} is to be held for each process alone: there is no better
     */
    static LaunchLine of(
            Tools tools,
            ServiceDirectory directory,
            Optional<ServiceUser> user,
            Resources resources,
            boolean bind,
            boolean memoryByProcess) {
        List<String> steps = new ArrayList<>();
        if (tools.has("setsid")) {
            steps.add(tools.path("setsid"));
        }
        if (bind) {
            steps.addAll(binding(tools, directory));
        }
        user.ifPresent(other -> steps.addAll(other.launcher()));
        if (!resources.cpu().setCpus().isEmpty() && tools.has("taskset")) {
            steps.addAll(List.of(tools.path("taskset"), "-c", resources.cpu().setCpus()));
        }
        String limit = memoryByProcess
                ? "ulimit -d " + Math.max(1, resources.memory().limit().bytes() >> 10) + "\n"
                : "";
        return new LaunchLine(
                steps, tools.shell(), WAIT + limit + (tools.has("bash") ? BASH : SH), tools.has("setsid"));
    }

    /** In a mount namespace of its own: the gateway never sees these mounts, so nothing can reach through them. */
    private static List<String> binding(Tools tools, ServiceDirectory directory) {
        List<String> line = new ArrayList<>(List.of(tools.path("unshare"), "--mount", "--propagation", "private"));
        line.addAll(tools.shell());
        line.addAll(List.of("-c", BIND, tools.path("mount")));
        List<Mount> mounts = new ArrayList<>(directory.mounts());
        mounts.sort(Comparator.comparingInt(mount -> mount.target().getNameCount()));
        List<Path> readOnly = new ArrayList<>();
        for (Mount mount : mounts) {
            boolean writable = mounts.stream()
                    .anyMatch(other -> !other.readOnly() && other.target().equals(mount.target()));
            if (!writable) {
                line.addAll(List.of("ro", mount.target().toString()));
                readOnly.add(mount.target());
            } else if (!mount.readOnly() && isIn(readOnly, mount.target())) {
                line.addAll(List.of("rw", mount.target().toString()));
            }
        }
        if (isIn(readOnly, directory.path())) {
            line.addAll(List.of("rw", directory.path().toString()));
        }
        line.add("--");
        return line;
    }

    private static boolean isIn(List<Path> folders, Path path) {
        return folders.stream().anyMatch(path::startsWith);
    }

    /**
     * The whole line.
     *
     * @param name for the program to have
     * @param program and its arguments
     */
    List<String> command(String name, List<String> program) {
        List<String> command = new ArrayList<>(steps);
        command.addAll(shell);
        command.addAll(List.of("-c", gate, name));
        command.addAll(program);
        return command;
    }

    /** Whether a command line is still that of the launch. */
    boolean isLaunch(String commandLine) {
        return commandLine.contains("OPENEDGE_LAUNCH_GATE");
    }
}
