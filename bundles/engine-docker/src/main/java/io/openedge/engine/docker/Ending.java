package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Frame;
import io.openedge.engine.Exit;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out whether and how a container has ended. Immutable; any thread; blocks for a second or so.
 *
 * @param output of the run
 * @param limited whether its memory is: then a kill may have been the kernel's
 */
record Ending(Shared shared, Output output, boolean limited) {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS = 25;
    private static final Exit KILLED = new Exit.Signal(9);

    /** Empty: it runs. */
    Optional<Exit> of(Body body) throws DaemonException, InterruptedException {
        Optional<ContainerState> state = shared.containers().state(body);
        if (state.isEmpty()) {
            return Optional.of(new Exit.Failed("its container was removed by somebody else"));
        }
        if (Boolean.TRUE.equals(state.get().getRunning())) {
            return Optional.empty();
        }
        // a daemon that shuts down stops its containers first: that is no end of the instance's own
        Optional<String> away = shared.watch().suspect();
        if (away.isPresent()) {
            return Optional.of(new Exit.Gone(away.get()));
        }
        hearLastWords(body);
        Exit exit = Exits.of(state.get(), output.lastWords());
        return Optional.of(limited && exit.equals(KILLED) ? killed(body) : exit);
    }

    private void hearLastWords(Body body) throws DaemonException, InterruptedException {
        if (output.feed().awaitEnd(LAST_WORDS)) {
            Feed<Frame> rest = output.rest();
            shared.daemon().output(body.id(), (int) output.last().getEpochSecond(), false, rest);
            rest.awaitEnd(LAST_WORDS);
        }
    }

    /** That the memory was too small the daemon may hear later than the end. */
    private Exit killed(Body body) throws DaemonException, InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Optional<ContainerState> state = shared.containers().state(body);
            if (state.isPresent() && Boolean.TRUE.equals(state.get().getOOMKilled())) {
                return new Exit.OutOfMemory();
            }
            shared.watch().pause(LOOK);
        }
        return KILLED;
    }
}
