package io.openedge.agent;

import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttMessage;
import io.openedge.rest.client.SystemJson;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Inspect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Reports to the cloud: at the start, at each interval, and at once when there is news. What does not go out is not kept:
 * it is tried again after 5 s, and tells how things are then.
 *
 * <p>Thread rule: {@link #news} and {@link #trouble} from any thread; reports are made on its own.
 */
final class Reporter {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final AgentConfig.Report config;
    private final String topic;
    private final Gateway gateway;
    private final Memory memory;
    private final Cleaner cleaner;
    private final Cloud cloud;
    private final ReportWriter writer;
    private final ScheduledExecutorService thread;
    private final Logger log;
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean retrying;
    private volatile Optional<MqttClient> mqtt = Optional.empty();
    private volatile String trouble = "";
    private String said = "";

    Reporter(
            AgentConfig.Remote config,
            Gateway gateway,
            Memory memory,
            Cleaner cleaner,
            Cloud cloud,
            ReportWriter writer,
            ScheduledExecutorService thread,
            Logger log) {
        this.config = config.report();
        this.topic = config.report().topic().replace("%s", config.mqtt().clientId());
        this.gateway = gateway;
        this.memory = memory;
        this.cleaner = cleaner;
        this.cloud = cloud;
        this.writer = writer;
        this.thread = thread;
        this.log = log;
    }

    void start(MqttClient connection) {
        mqtt = Optional.of(connection);
        Duration interval = config.interval();
        thread.scheduleWithFixedDelay(() -> report(true), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** There is something to report. */
    void news() {
        if (due.compareAndSet(false, true)) {
            try {
                thread.execute(() -> report(false));
            } catch (RejectedExecutionException ended) {
                due.set(false);
            }
        }
    }

    /** What keeps an event waiting; empty: nothing. */
    void trouble(String what) {
        trouble = what;
        news();
    }

    /** @param cycle whether it is one of those at each interval */
    private void report(boolean cycle) {
        due.set(false);
        try {
            Inspect inspect = gateway.inspect();
            String json = SystemJson.write(with(errors(inspect), inspect));
            boolean published = publish(json);
            boolean posted = post(json);
            if (!posted) {
                tryAgain();
            }
            if (cycle && (published || posted)) {
                cleaner.reported(inspect.software().confVersion());
            }
        } catch (GatewayException e) {
            complain("the gateway tells nothing: " + e.getMessage());
            tryAgain();
        } catch (RuntimeException e) {
            log.error("a report could not be made", e);
        }
    }

    /** News that did not arrive is not left to a long interval. */
    private void tryAgain() {
        if (!retrying && config.interval().compareTo(RETRY) > 0) {
            try {
                thread.schedule(this::again, RETRY.toSeconds(), TimeUnit.SECONDS);
                retrying = true;
            } catch (RejectedExecutionException ended) {
                log.trace("the agent stopped while a report was under way");
            }
        }
    }

    private void again() {
        retrying = false;
        report(false);
    }

    /** The agent's own first; the gateway may have said the same. */
    private String errors(Inspect inspect) {
        String own = Stream.of(trouble, memory.state().error())
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        return Stream.of(own, own.contains(inspect.error()) ? "" : inspect.error())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static Inspect with(String error, Inspect inspect) {
        return new Inspect(
                error,
                inspect.time(),
                inspect.software(),
                inspect.hardware(),
                inspect.services(),
                inspect.volumes(),
                inspect.update());
    }

    private boolean publish(String json) {
        if (mqtt.isEmpty() || !mqtt.get().connected()) {
            return false; // the connection says in the log why it is down
        }
        mqtt.get().publish(new MqttMessage(topic, json.getBytes(StandardCharsets.UTF_8), 0, false));
        return true;
    }

    private boolean post(String json) {
        try {
            cloud.post(config.url(), writer.write(json));
            complain("");
            return true;
        } catch (IOException | RefusedException e) {
            complain("the cloud does not take reports: " + e.getMessage());
            return false;
        }
    }

    /** Says it once, until it is something else. */
    private void complain(String what) {
        if (!what.equals(said)) {
            if (what.isEmpty()) {
                log.info("reports go out again");
            } else {
                log.warn("{}", what);
            }
            said = what;
        }
    }
}
