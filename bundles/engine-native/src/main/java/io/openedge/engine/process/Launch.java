package io.openedge.engine.process;

import io.openedge.app.Resources;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.process.cgroup.ControlGroup;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.engine.process.tree.ProcessTree;
import io.openedge.engine.process.tree.RunFile;
import io.openedge.engine.process.tree.TreeEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the processes of a service. Each is held until it is written down and in its control group: whenever the gateway
 * dies, no code of the service runs that the next gateway does not find. Immutable; any thread.
 *
 * @param program of the service
 * @param line that starts it
 * @param environment of its processes
 * @param directory of the service
 * @param resources limits
 * @param shared of the engine
 */
record Launch(
        Program program,
        LaunchLine line,
        ProcessEnvironment environment,
        Path directory,
        Resources resources,
        Shared shared) {
    private static final Logger LOG = LoggerFactory.getLogger(Launch.class);
    private static final String READY_FILE = "OPENEDGE_READY_FILE";

    /**
     * A run whose program is about to begin.
     *
     * @param process the first one
     * @param since when there is that process
     * @param tree all of its processes
     * @param group its control group, where there is one
     * @param file that finds it again
     */
    record Begun(Process process, Instant since, ProcessTree tree, Optional<ControlGroup> group, Path file) {}

    /** @throws IOException when it cannot be started; nothing is left then */
    Begun start(InstanceSpec spec) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.entry().toString()));
        command.addAll(spec.args());
        ProcessBuilder builder = builder(spec, spec.name(), command).redirectErrorStream(true);
        Optional<Path> sign = sign(spec);
        if (sign.isPresent()) {
            Files.deleteIfExists(sign.get());
            builder.environment().put(READY_FILE, sign.get().toString());
        }
        Process process = builder.start();
        Optional<ControlGroup> group = Optional.empty();
        try {
            long started = started(process);
            group = enter(spec, process.pid());
            RunFile run = run(
                    spec, process.pid(), started, group.map(ControlGroup::paths).orElse(List.of()));
            Path file = shared.runs().write(run);
            Instant since = process.info().startInstant().orElseGet(Instant::now);
            release(process);
            return new Begun(process, since, new ProcessTree(shared.table(), run), group, file);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly().onExit().join(); // it did nothing yet
            group.ifPresent(ControlGroup::remove);
            throw e;
        }
    }

    /** The file that the program makes when it works; empty: it says nothing. */
    Optional<Path> sign(InstanceSpec spec) {
        return program.ready() ? Optional.of(directory.resolve(".ready." + spec.name())) : Optional.empty();
    }

    /**
     * Runs a command beside a run: same folder, environment, user, mounts and control group.
     *
     * @return its exit code
     */
    int command(InstanceSpec spec, Optional<ControlGroup> group, List<String> command, Duration limit)
            throws EngineException {
        String what = "the command " + command + " in instance " + spec.name();
        try {
            Process process = builder(spec, command.get(0), command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            RunFile run = run(spec, process.pid(), started(process), List.of());
            try {
                if (group.isPresent()) {
                    group.get().enter(process.pid());
                }
                release(process);
                if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                    return process.exitValue();
                }
                throw new EngineException(what + " did not end within " + limit.toMillis() + " ms");
            } finally {
                long now = System.nanoTime();
                new TreeEnd(ProcessTree.ofCommand(shared.table(), run), () -> now).await();
            }
        } catch (IOException e) {
            throw new EngineException(what + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(what + " was given up", e);
        }
    }

    private ProcessBuilder builder(InstanceSpec spec, String name, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(line.command(name, command)).directory(directory.toFile());
        environment.apply(builder.environment(), spec.environment());
        return builder;
    }

    private long started(Process process) throws IOException {
        return shared.table()
                .find(process.pid())
                .map(ProcessTable.Entry::started)
                .orElseThrow(() -> new IOException("the process that starts it ended at once"));
    }

    private Optional<ControlGroup> enter(InstanceSpec spec, long pid) {
        try {
            return shared.groups().enter(spec.name() + "." + pid, pid, resources);
        } catch (IOException e) {
            LOG.warn(
                    "instance {} runs without a control group, its limits are not held: {}", spec.name(), e.toString());
            return Optional.empty();
        }
    }

    private RunFile run(InstanceSpec spec, long pid, long started, List<Path> groups) {
        return new RunFile(
                spec.service(),
                spec.name(),
                pid,
                started,
                shared.bootId(),
                line.ownSession(),
                spec.environment().getOrDefault("OPENEDGE_MASTER_API", ""),
                spec.grace().toMillis(),
                groups);
    }

    private static void release(Process process) {
        try (OutputStream gate = process.getOutputStream()) {
            gate.write(LaunchLine.GO.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) { // what it said, and how it ended, tell why
            LOG.debug("process {} did not wait: {}", process.pid(), ended.toString());
        }
    }
}
