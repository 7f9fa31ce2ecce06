package io.openedge.master;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import io.openedge.master.account.Caller;
import io.openedge.master.account.Rights;
import io.openedge.master.account.Tokens;
import io.openedge.master.app.ApiAddress;
import io.openedge.master.app.Environment;
import io.openedge.master.app.ServiceAddresses;
import io.openedge.master.app.ServicePlan;
import io.openedge.master.app.VolumeFolders;
import io.openedge.master.status.Snapshot;
import io.openedge.master.supervise.Plan;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.Time;
import io.openedge.system.Gateway;
import io.openedge.system.Gateways;
import io.openedge.system.Hardware;
import io.openedge.system.Inspect;
import io.openedge.system.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gateway with its configuration: logs callers in and runs the application. Thread rule: any thread. */
final class Core implements Gateways {
    private final GatewayConfig config;
    private final GatewayFiles files;
    private final Supervisor supervisor;
    private final Time time;
    private final Ports ports;
    private final Rights rights;
    private final Snapshot snapshot;
    private final Supplier<Hardware> hardware;
    private final Consumer<String> fatal;
    private final Tokens tokens = new Tokens();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private volatile AppConfig application = AppConfig.NONE;

    /**
     * @param version of the gateway
     * @param hardware looks at the host
     * @param fatal hears why the gateway must end
     */
    Core(
            GatewayConfig config,
            GatewayFiles files,
            String version,
            Supervisor supervisor,
            Time time,
            Supplier<Hardware> hardware,
            Consumer<String> fatal) {
        this.config = config;
        this.files = files;
        this.supervisor = supervisor;
        this.time = time;
        this.hardware = hardware;
        this.fatal = fatal;
        this.ports = new Ports(time);
        this.rights = new Rights(config.server().permissions());
        this.snapshot = new Snapshot(files.workDirectory().toString(), mode(), version);
    }

    String mode() {
        return config.mode().name().toLowerCase(Locale.ROOT);
    }

    /** Adds to what inspect shows as wrong. */
    void complain(String error) {
        errors.add(error);
    }

    /**
     * Starts the services of an application.
     *
     * @param unavailable why an engine cannot be had in this installation; empty: it is there or will come
     */
    void run(AppConfig application, Function<String, Optional<String>> unavailable) {
        ServiceAddresses addresses = new ServiceAddresses(application);
        ServicePlan.Setting setting = new ServicePlan.Setting(
                new VolumeFolders(files.workDirectory(), files.operatorSocket(), application.volumes()),
                new Environment(ApiAddress.of(server()), addresses::text),
                config.grace(),
                addresses,
                this::gatewayOf);
        List<Plan> plans = new ArrayList<>();
        application
                .services()
                .forEach(service -> plans.add(
                        new ServicePlan(service, service.engineIn(mode()), tokens.issue(service.name()), setting)));
        this.application = application;
        supervisor.start(plans, unavailable);
    }

    /** The tokens of all services are no longer good. */
    void revoke() {
        application.services().forEach(service -> tokens.revoke(service.name()));
    }

    Inspect inspect() {
        List<String> wrong = new ArrayList<>(errors);
        wrong.addAll(supervisor.errors());
        return snapshot.inspect(time.now(), wrong, application, hardware.get(), supervisor.services());
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Rights rights() {
        return rights;
    }

    Ports ports() {
        return ports;
    }

    @Override
    public Optional<Gateway> login(String service, String token) {
        return tokens.check(service, token)
                ? spec(service).map(spec -> new BoundGateway(this, Caller.Service.of(spec)))
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

    private Optional<ServiceSpec> spec(String service) {
        return application.services().stream()
                .filter(spec -> spec.name().equals(service))
                .findFirst();
    }

    private String inWorkDirectory(String file) {
        return file.isEmpty() ? "" : files.workDirectory().resolve(file).toString();
    }
}
