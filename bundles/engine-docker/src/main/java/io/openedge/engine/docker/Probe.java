package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.model.Frame;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command in a container. Thread rule: any thread; blocks.
 *
 * @param container its id
 */
record Probe(Daemon daemon, String container) {
    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    /** @return its exit code */
    int run(List<String> command, Duration limit) throws EngineException {
        String exec = daemon.prepareExec(container, command);
        try (Feed<Frame> output = new Feed<>(piece -> {})) { // nobody wants to read it
            daemon.runExec(exec, output);
            boolean ended = output.awaitEnd(limit);
            InspectExecResponse state = daemon.exec(exec);
            if (!ended || Boolean.TRUE.equals(state.isRunning())) {
                kill(state.getPidLong());
                throw new EngineException(command + " takes longer than " + limit.toMillis() + " ms");
            }
            Long code = state.getExitCodeLong();
            if (code == null) {
                throw new EngineException(command + " ended, and the daemon does not say how");
            }
            return code.intValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(command + " was given up", e);
        }
    }

    /** Docker has no command for that. The number may be another host's, or another's by now: its control group tells. */
    private void kill(Long pid) {
        if (pid == null || pid <= 1) {
            return;
        }
        try {
            if (Files.readString(Path.of("/proc", String.valueOf(pid), "cgroup"))
                    .contains(container)) {
                Optional<ProcessHandle> process = ProcessHandle.of(pid);
                process.ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException e) {
            LOG.debug("process {} is not here", pid, e);
        }
    }
}
