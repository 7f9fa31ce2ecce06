package io.openedge.engine.process;

import io.openedge.engine.InstanceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when an instance works: its program has begun; one that says when it works has said so, and of the others one that is
 * to serve at an address answers there. One that lives on and does neither counts as working after a while. Immutable; any
 * thread.
 *
 * @param spec of the instance
 * @param line that started it
 * @param sign the file by which the program says that it works; empty: it says nothing
 * @param shared of the engine
 * @param process its first one
 */
record Readiness(InstanceSpec spec, LaunchLine line, Optional<Path> sign, Shared shared, Process process) {
    static final Duration SERVES_WITHIN = Duration.ofSeconds(20);
    /** A process without any words ends just now; one that lives on so has taken its words away itself. */
    private static final Duration NAMELESS = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long SHORT_MILLIS = 2;
    private static final long LONG_MILLIS = 200;
    private static final int CONNECT_MILLIS = 1000;

    /** Completes it, unless the process ends before. */
    void await(CompletableFuture<Void> running) {
        look(running, SHORT_MILLIS, System.nanoTime() + NAMELESS.toNanos());
    }

    private void look(CompletableFuture<Void> running, long pause, long latest) {
        if (!process.isAlive()) {
            return;
        }
        String now = shared.table().commandLine(process.pid());
        boolean dying = now.isEmpty() && System.nanoTime() - latest < 0;
        if (dying || line.isLaunch(now)) {
            later(() -> look(running, Math.min(LONG_MILLIS, pause * 2), latest), pause);
            return;
        }
        long inTime = System.nanoTime() + SERVES_WITHIN.toNanos();
        Optional<InetSocketAddress> address = spec.dynamic() ? address() : Optional.empty();
        if (sign.isPresent()) {
            says(running, sign.get(), inTime, SHORT_MILLIS);
        } else if (address.isEmpty()) {
            running.complete(null);
        } else {
            answers(running, address.get(), inTime, SHORT_MILLIS);
        }
    }

    private void says(CompletableFuture<Void> running, Path file, long latest, long pause) {
        if (!process.isAlive()) {
            return;
        }
        boolean late = System.nanoTime() - latest > 0;
        if (late) {
            LOG.warn(
                    "instance {} runs, but has not said within {} s that it works",
                    spec.name(),
                    SERVES_WITHIN.toSeconds());
        }
        if (late || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            running.complete(null);
        } else {
            later(() -> says(running, file, latest, Math.min(LONG_MILLIS, pause * 2)), pause);
        }
    }

    private void answers(CompletableFuture<Void> running, InetSocketAddress address, long latest, long pause) {
        if (!process.isAlive()) {
            return;
        }
        boolean late = System.nanoTime() - latest > 0;
        if (late) {
            LOG.warn(
                    "instance {} runs, but nothing answers at {} after {} s",
                    spec.name(),
                    address,
                    SERVES_WITHIN.toSeconds());
        }
        if (late || accepts(address)) {
            running.complete(null);
        } else {
            long next = Math.min(LONG_MILLIS, pause * 2);
            later(() -> shared.workers().execute(() -> answers(running, address, latest, next)), pause);
        }
    }

    private void later(Runnable task, long millis) {
        try {
            shared.watch().schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("instance {} was starting when the engine went", spec.name());
        }
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One that listens on all addresses answers on this host's own. */
    private Optional<InetSocketAddress> address() {
        String text = spec.address().orElse("");
        int colon = text.lastIndexOf(':');
        String host =
                text.substring(0, Math.max(0, colon)).replaceFirst("^.*://", "").replaceAll("[\\[\\]]", "");
        if (colon < 0 || !text.substring(colon + 1).matches("[1-9]\\d{0,4}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        boolean all = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
        if (port > 0xFFFF) {
            return Optional.empty();
        }
        return Optional.of(
                all
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                        : InetSocketAddress.createUnresolved(host, port));
    }
}
