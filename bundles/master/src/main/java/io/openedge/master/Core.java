package io.openedge.master;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.config.FileTrouble;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import io.openedge.config.UserRange;
import io.openedge.config.trust.Manifest;
import io.openedge.engine.Engine;
import io.openedge.master.account.Caller;
import io.openedge.master.account.Rights;
import io.openedge.master.account.Tokens;
import io.openedge.master.app.ApiAddress;
import io.openedge.master.app.Environment;
import io.openedge.master.app.ServiceAddresses;
import io.openedge.master.app.ServicePlans;
import io.openedge.master.status.Snapshot;
import io.openedge.master.supervise.Engines;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.update.Deployment;
import io.openedge.master.update.Deployments;
import io.openedge.master.update.Groundwork;
import io.openedge.master.update.Surroundings;
import io.openedge.master.update.TrustGate;
import io.openedge.master.update.Updates;
import io.openedge.master.work.Time;
import io.openedge.master.work.Workers;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Gateways;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.ServerSettings;
import io.openedge.system.UpdateProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The gateway with its configuration: logs callers in and runs the application. Thread rule: any thread. */
final class Core implements Gateways {
    private final GatewayConfig config;
    private final GatewayFiles files;
    private final Path application;
    private final Supervisor supervisor;
    private final Engines engines;
    private final Workers workers;
    private final Time time;
    private final Ports ports;
    private final Rights rights;
    private final Snapshot snapshot;
    private final Supplier<Hardware> hardware;
    private final Consumer<String> fatal;
    private final Tokens tokens = new Tokens();
    private volatile @Nullable Updates updates;

    /**
     * @param installation where the gateway is and works
     * @param engines that are there
     * @param workers threads
     * @param hardware looks at the host
     * @param fatal hears why the gateway must end
     */
    Core(
            GatewayConfig config,
            GatewayFiles files,
            Installation installation,
            Supervisor supervisor,
            Engines engines,
            Workers workers,
            Time time,
            Supplier<Hardware> hardware,
            Consumer<String> fatal) {
        this.config = config;
        this.files = files;
        this.application = installation.application();
        this.supervisor = supervisor;
        this.engines = engines;
        this.workers = workers;
        this.time = time;
        this.hardware = hardware;
        this.fatal = fatal;
        this.ports = new Ports(time);
        this.rights = new Rights(config.server().permissions());
        this.snapshot = new Snapshot(files.workDirectory().toString(), mode(), installation.version());
    }

    /** Users for services of functions; none when this process may not become another. */
    UserRange users() {
        if (config.users().equals(UserRange.NONE) || FileTrouble.user().equals("root")) {
            return config.users();
        }
        LoggerFactory.getLogger(Core.class)
                .warn(
                        "openedge.yml: users: no effect, only a gateway that runs as root can start services as other users");
        return UserRange.NONE;
    }

    String mode() {
        return config.mode().name().toLowerCase(Locale.ROOT);
    }

    /**
     * What runs from the start.
     *
     * @param broken what is wrong with its file; empty: nothing
     * @param failure of an update that a crash cut off; empty: there was none
     */
    record Start(Deployment deployment, String broken, String failure) {}

    /**
     * Starts the services of an application.
     *
     * @param groundwork brings what later applications need
     */
    void run(Start start, Deployments deployments, Groundwork groundwork) {
        ServiceAddresses addresses = new ServiceAddresses(supervisor::served);
        ServicePlans plans = new ServicePlans(
                files.workDirectory(),
                files.operatorSocket(),
                mode(),
                new Environment(ApiAddress.of(server()), addresses::text),
                config.grace(),
                addresses,
                this::gatewayOf,
                tokens::issue);
        Updates opened = new Updates(
                new Surroundings(
                        application,
                        deployments,
                        gate(),
                        plans,
                        groundwork,
                        supervisor,
                        engines,
                        workers,
                        time,
                        config.update()),
                start.deployment(),
                start.broken(),
                start.failure());
        updates = opened;
        AppConfig first = start.deployment().application();
        supervisor
                .start(
                        plans.of(
                                first,
                                first.services().stream().map(ServiceSpec::name).toList()),
                        groundwork::unavailable)
                .thenRunAsync(opened::retain, workers.calls());
    }

    private TrustGate gate() {
        return new TrustGate(
                config.trust().keys().stream()
                        .map(files.workDirectory()::resolve)
                        .toList(),
                files.workDirectory().resolve("var/lib/openedge/trust").resolve(Manifest.FILE));
    }

    /**
     * The updates of the application.
     *
     * @throws GatewayException while the application is not loaded yet
     */
    Updates updates() {
        Updates opened = updates;
        if (opened == null) {
            throw new GatewayException(
                    GatewayException.Kind.INVALID, "the gateway is not ready: its application is not loaded yet");
        }
        return opened;
    }

    /** Gives up the update that runs; completes when its files are as they were. */
    CompletableFuture<Void> endUpdates() {
        Updates opened = updates;
        return opened == null ? CompletableFuture.completedFuture(null) : opened.end();
    }

    /** The tokens of all services are no longer good. */
    void revoke() {
        tokens.revokeAll();
    }

    Inspect inspect() {
        Updates opened = updates;
        List<String> wrong = new ArrayList<>();
        if (opened != null && !opened.error().isEmpty()) {
            wrong.add(opened.error());
        }
        wrong.addAll(supervisor.errors());
        return snapshot.inspect(
                time.now(),
                wrong,
                opened == null ? AppConfig.NONE : opened.application(),
                hardware.get(),
                supervisor.services(),
                progress());
    }

    UpdateProgress progress() {
        Updates opened = updates;
        return opened == null ? UpdateProgress.NONE : opened.progress();
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Rights rights() {
        return rights;
    }

    Reach reach() {
        return new Reach(mode(), supervisor::spec, this::hostSeenFrom, ports::next);
    }

    private Optional<String> hostSeenFrom(String engine) {
        return Optional.ofNullable(engines.byName().get(engine)).flatMap(Engine::hostAddress);
    }

    Ports ports() {
        return ports;
    }

    @Override
    public Optional<Gateway> login(String service, String token) {
        return tokens.check(service, token)
                ? supervisor.spec(service).map(spec -> new BoundGateway(this, Caller.Service.of(spec)))
                : Optional.empty();
    }

    @Override
    public Gateway operator() {
        return new BoundGateway(this, new Caller.Operator());
    }

    @Override
    public ServerSettings server() {
        GatewayConfig.Server server = config.server();
        return new ServerSettings(
                files.apiAddress(),
                server.timeout(),
                inWorkDirectory(server.ca()),
                inWorkDirectory(server.cert()),
                inWorkDirectory(server.key()),
                files.operatorSocket());
    }

    @Override
    public void unserviceable(String reason) {
        fatal.accept("the API cannot be served: " + reason);
    }

    private Gateway gatewayOf(ServiceSpec service, String instance, boolean dynamic) {
        return new BoundGateway(this, dynamic ? new Caller.DynamicInstance(instance) : Caller.Service.of(service));
    }

    private String inWorkDirectory(String file) {
        return file.isEmpty() ? "" : files.workDirectory().resolve(file).toString();
    }
}
