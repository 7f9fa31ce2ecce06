package io.openedge.hub;

import io.openedge.app.ConfigException;
import io.openedge.hub.auth.Authenticator;
import io.openedge.hub.metrics.MetricsServer;
import io.openedge.hub.metrics.Reporter;
import io.openedge.hub.route.Router;
import io.openedge.hub.route.RoutingRules;
import io.openedge.hub.session.Broker;
import io.openedge.hub.session.Claims;
import io.openedge.hub.session.Counters;
import io.openedge.hub.session.Limits;
import io.openedge.hub.session.Memory;
import io.openedge.hub.session.Restoring;
import io.openedge.hub.session.Retaining;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.MemoryBudget;
import io.openedge.hub.store.MemoryRetainedStore;
import io.openedge.hub.store.RetainedStore;
import io.openedge.hub.transport.CertificateFiles;
import io.openedge.hub.transport.ListenAddress;
import io.openedge.hub.transport.Listeners;
import io.openedge.module.ModuleInstance;
import io.openedge.module.ServiceLocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;

/** A broker at work. Thread rule: any thread. */
final class HubServer implements ModuleInstance {
    private final List<Runnable> closers = new ArrayList<>();
    private final String name;
    private final Broker broker;
    private final Listeners listeners;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final Logger log;

    private HubServer(String name, Broker broker, Listeners listeners, Logger log) {
        this.name = name;
        this.broker = broker;
        this.listeners = listeners;
        this.log = log;
    }

    /**
     * Shares of the heap.
     *
     * @param waiting messages that wait or are not acknowledged
     * @param retained retained messages
     * @param session what one session may take of the first
     * @param transit messages between two loops; as much again for filters, and for bytes that are no whole packet yet
     */
    record Shares(long waiting, long retained, long session, long transit) {
        private static final long LEAST = 16L << 20;

        static Shares ofHeap() {
            long quarter = Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4);
            return new Shares(quarter, quarter / 2, quarter / 4, quarter / 2);
        }
    }

    /**
     * The hub's own parts, with what the store has kept.
     *
     * @param directory where relative paths are taken
     * @param fault told when the store cannot go on
     * @throws IOException when the store cannot be opened
     */
    static Broker broker(
            HubConfig config,
            Limits limits,
            Shares memory,
            String name,
            Path directory,
            Consumer<Throwable> fault,
            Logger log)
            throws IOException {
        MessageConfig.Cleanup cleanup = config.message().ingress().qos1().cleanup();
        Journal.Settings settings = new Journal.Settings(
                directory.resolve(config.storage().dir()),
                cleanup.retention(),
                cleanup.interval(),
                config.limits().sessions().waiting(),
                Journal.Settings.SEGMENT);
        return broker(config, limits, memory, Journal.open(settings, name, fault, log), log);
    }

    /** The same with a store that is open. */
    static Broker broker(HubConfig config, Limits limits, Shares memory, Journal journal, Logger log) {
        Counters counters = new Counters();
        RetainedStore retained = new MemoryRetainedStore(limits.retained(), new MemoryBudget(memory.retained()));
        Retaining retaining = new Retaining(retained, journal, counters, log);
        journal.onRetained(retaining::logged);
        return new Broker(
                new Authenticator(config.principals(), config.certificate().match()),
                new Router(RoutingRules.of(config.subscriptions(), limits.topics())),
                journal,
                retained,
                retaining,
                new Memory(
                        new MemoryBudget(memory.waiting()),
                        new MemoryBudget(memory.transit()),
                        new MemoryBudget(memory.transit()),
                        new MemoryBudget(memory.transit())),
                new Claims(),
                limits,
                counters,
                log);
    }

    /**
     * Opens every listener it can serve. It has half of the processors: a message that stays on its loop is faster than
     * one that wakes another, and the rest of the gateway wants to run as well.
     *
     * @param directory where relative paths are taken
     * @throws IOException when a listener cannot be opened, or there is none
     */
    static HubServer start(HubConfig config, Broker broker, String name, Path directory, ServiceLocator locator)
            throws IOException {
        int processors = Runtime.getRuntime().availableProcessors();
        return start(config, broker, name, directory, locator, Math.max(1, processors / 2));
    }

    /** The same with so many event loops. */
    static HubServer start(
            HubConfig config, Broker broker, String name, Path directory, ServiceLocator locator, int threads)
            throws IOException {
        Listeners listeners =
                new Listeners(broker, name, threads, config.shutdown().timeout());
        HubServer server = new HubServer(name, broker, listeners, broker.log());
        try {
            if (config.listen().isEmpty()) { // a file that was cut must not take the sessions' rights away
                throw new IOException("listen: is empty; allowed: at least one address, such as tcp://0.0.0.0:1883");
            }
            new Restoring(broker).run(listeners.loops());
            server.open(config.listen(), config.certificate().in(directory), locator);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void open(List<String> listen, CertificateFiles certificates, ServiceLocator locator) throws IOException {
        List<String> troubles = new ArrayList<>();
        List<ListenAddress> late = new ArrayList<>();
        for (String text : listen) {
            ListenAddress address = located(ListenAddress.parse(text).orElseThrow(), locator);
            try {
                if (address.secure()) {
                    listeners.secure(certificates);
                }
                InetSocketAddress bound = listeners.open(address);
                addresses.add(bound);
                log.info("listener {}: serves at {}", text, bound);
            } catch (ConfigException e) {
                late.add(address);
                troubles.add(text + ": " + e.getMessage() + "; allowed: " + CertificateFiles.ALLOWED);
            }
        }
        if (addresses.isEmpty()) {
            throw new IOException("listen: none can be served: " + String.join("; ", troubles));
        }
        troubles.forEach(
                trouble -> log.error("listener {}; the others serve, and it will once that is mended", trouble));
        if (!late.isEmpty()) {
            listeners.openLater(late, certificates);
        }
    }

    /** A host that is the name of a service means that service, here as everywhere. */
    private static ListenAddress located(ListenAddress address, ServiceLocator locator) {
        return locator.locate(address.host(), address.port())
                .map(there -> new ListenAddress(
                        address.text(), address.scheme(), there.host(), address.port(), address.path()))
                .orElse(address);
    }

    /** Looks after the configuration until the hub stops. */
    void watch(ConfigWatch watch, HubConfig config, Duration interval) {
        closers.add(watch::close);
        watch.start(name, interval, config, principals -> {
            broker.authenticator().replace(principals);
            broker.claims().revise();
        });
    }

    /** Publishes and reports the hub's numbers until it stops. */
    void report(Duration interval, Consumer<Map<String, Object>> gateway) {
        Reporter reporter = new Reporter(broker, name, version(), interval, gateway);
        closers.add(reporter::close);
    }

    /**
     * Serves the hub's numbers to Prometheus until it stops.
     *
     * @param listen HOST:PORT
     * @throws IOException when it cannot listen there
     */
    InetSocketAddress expose(String listen) throws IOException {
        ListenAddress wanted = ListenAddress.parse("tcp://" + listen).orElseThrow();
        InetSocketAddress address = wanted.host().isEmpty()
                ? new InetSocketAddress(wanted.port())
                : new InetSocketAddress(wanted.host(), wanted.port());
        MetricsServer metrics = new MetricsServer(broker, name, address);
        closers.add(metrics::close);
        log.info("metrics: http://{}/metrics", metrics.address());
        return metrics.address();
    }

    private static String version() {
        return Optional.ofNullable(FrameworkUtil.getBundle(HubServer.class))
                .map(bundle -> bundle.getVersion().toString())
                .orElse("unknown");
    }

    /** Where it listens, in the order of the configuration. */
    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    Broker broker() {
        return broker;
    }

    @Override
    public void close() {
        closers.forEach(Runnable::run);
        listeners.close();
        broker.journal().close();
        broker.authenticator().close();
        log.info("stopped");
    }
}
