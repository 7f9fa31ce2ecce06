package io.openedge.engine.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import io.openedge.engine.InstanceSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when an instance works: a module has said so; of the others, one that is to serve at an address answers there. One
 * that lives on and does neither counts as working after a while. Immutable; any thread.
 *
 * @param over whether the run has ended
 * @param works is run once, unless that comes first
 */
record Readiness(Shared shared, InstanceSpec spec, Body body, BooleanSupplier over, Runnable works) {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final long SHORT_MILLIS = 5;
    private static final long LONG_MILLIS = 200;

    /** The container has been started; blocks for a question to the daemon. */
    void await() {
        Optional<InetSocketAddress> place = body.sign().isEmpty() && spec.dynamic() ? place() : Optional.empty();
        long latest = System.nanoTime() + WITHIN.toNanos();
        if (body.sign().isPresent()) {
            look(body.sign().get()::given, "has not said that it works", Runnable::run, latest, SHORT_MILLIS);
        } else if (place.isPresent()) {
            look(
                    () -> accepts(place.get()),
                    "does not answer at " + place.get(),
                    shared.workers(),
                    latest,
                    SHORT_MILLIS);
        } else {
            works.run();
        }
    }

    private void look(BooleanSupplier sees, String otherwise, Executor executor, long latest, long pause) {
        if (over.getAsBoolean()) {
            return;
        }
        boolean late = System.nanoTime() - latest > 0;
        if (late) {
            LOG.warn("instance {} runs, but {} within {} s", spec.name(), otherwise, WITHIN.toSeconds());
        }
        if (late || sees.getAsBoolean()) {
            works.run();
            return;
        }
        long next = Math.min(LONG_MILLIS, pause * 2);
        Runnable again = () -> look(sees, otherwise, executor, latest, next);
        try {
            shared.timer().schedule(() -> executor.execute(again), pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("instance {} was starting when the engine went", spec.name());
        }
    }

    /** In the container's network, which this host is part of. */
    private Optional<InetSocketAddress> place() {
        Optional<Integer> port =
                body.endpoint().isPresent() ? Optional.of(Endpoint.INSIDE) : Endpoint.portOf(spec.environment());
        try {
            return shared.daemon()
                    .container(body.id())
                    .map(found -> found.getNetworkSettings().getNetworks().get(Blueprint.NETWORK))
                    .map(ContainerNetwork::getIpAddress)
                    .filter(address -> !address.isEmpty())
                    .flatMap(address -> port.map(number -> new InetSocketAddress(address, number)));
        } catch (DaemonException e) { // the watch says what that means
            LOG.debug("{}: {}", spec.name(), e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean accepts(InetSocketAddress place) {
        try (Socket socket = new Socket()) {
            socket.connect(place, (int) CONNECT.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
