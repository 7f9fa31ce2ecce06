package io.openedge.engine.docker;

import com.github.dockerjava.api.model.Event;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the daemon answers, and hears of containers that end: one stream of events for all of them. Thread rule: its
 * own thread; the audience returns at once but for what it has to put in order.
 */
final class DaemonWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonWatch.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration PING = Duration.ofSeconds(10);

    /** Who wants to know. */
    interface Audience {
        /** It answers again: whatever has to be put in order first; blocks. */
        void isBack() throws DaemonException;

        /** It can be used, and from now on ends are heard: what ended before has to be looked for. */
        void isThere();

        /** It does not answer. */
        void isAway(String reason);

        /** A container has ended. */
        void ended(String container);
    }

    private final Connection connection;
    private final Daemon daemon;
    private final Map<String, String> labels;
    private final Audience audience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "engine-docker-watch");
    private volatile Optional<Feed<Event>> listening = Optional.empty();
    private volatile Optional<String> away = Optional.of("");

    /** @param labels of the containers that are of interest */
    DaemonWatch(Connection connection, Daemon daemon, Map<String, String> labels, Audience audience) {
        this.connection = connection;
        this.daemon = daemon;
        this.labels = labels;
        this.audience = audience;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** Why the daemon does not answer; without words when it has only just been asked for the first time. Any thread. */
    Optional<String> away() {
        return away;
    }

    /**
     * Somebody here suspects that the daemon is going; any thread.
     *
     * @return why it counts as away; empty: it stays
     */
    Optional<String> suspect() {
        Optional<String> known = away;
        if (known.isPresent() || connection.isAccepting()) {
            return known;
        }
        Optional<String> reason = Optional.of("the Docker daemon stops");
        away = reason;
        connection.renew();
        listening.ifPresent(Feed::close);
        return reason;
    }

    void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(PING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                daemon.ping();
                listen();
            } catch (DaemonException e) {
                isAway(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) { // the watch itself must go on
                LOG.error("the watch over the Docker daemon begins anew", e);
            }
            rest();
        }
    }

    private void isAway(String reason) {
        if (closed.getCount() == 0) {
            return;
        }
        if (away.isEmpty() || !away.get().equals(reason)) {
            LOG.warn("{}", reason);
        }
        away = Optional.of(reason);
        audience.isAway(reason);
        connection.renew();
    }

    /** Returns when the stream has ended, which alone says nothing about the daemon. */
    private void listen() throws DaemonException {
        try (Feed<Event> events = new Feed<>(this::heard)) {
            listening = Optional.of(events);
            daemon.events(labels, events);
            if (!events.awaitBegin(PING)) {
                return;
            }
            if (away.isPresent()) {
                audience.isBack();
                LOG.info("the Docker daemon answers");
            }
            away = Optional.empty();
            audience.isThere();
            while (!events.awaitEnd(PING)) {
                daemon.ping();
            }
        } catch (InterruptedException e) {
            LOG.debug("the watch ends");
        }
    }

    private void heard(Event event) {
        if (event.getId() != null) {
            audience.ended(event.getId());
        }
    }

    /** Waits so long, unless the engine stops; any thread. */
    void pause(Duration time) throws InterruptedException {
        closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void rest() {
        try {
            pause(PACE);
        } catch (InterruptedException e) {
            LOG.debug("the watch ends");
        }
    }
}
