package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.config.Applications;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayConfig.Limit;
import io.openedge.config.UserRange;
import io.openedge.master.app.ApiAddress;
import io.openedge.master.app.Environment;
import io.openedge.master.app.ServiceAddresses;
import io.openedge.master.app.ServicePlans;
import io.openedge.master.status.HostView;
import io.openedge.master.supervise.Engines;
import io.openedge.master.supervise.FakeEngine;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.SystemTime;
import io.openedge.master.work.Workers;
import io.openedge.system.Gateway;
import io.openedge.system.UpdateResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/**
 * A gateway's supervisor and updates in a work directory, with a fake engine. Services are written NAME:V; V is in the
 * environment of their instances.
 */
final class LiveUpdates extends ExternalResource {
    private static final String MODE = "native";

    final TemporaryFolder folder;
    Duration defer = Duration.ofSeconds(5);
    List<Path> trusted = List.of();
    FakeEngine engine;
    Supervisor supervisor;
    Updates updates;
    private Workers workers;
    private SystemTime time;

    LiveUpdates() {
        this(null);
    }

    /** @param parent of the work directory; null: anywhere */
    LiveUpdates(Path parent) {
        folder = new TemporaryFolder(parent == null ? null : parent.toFile());
    }

    @Override
    protected void before() throws IOException {
        folder.create();
    }

    @Override
    protected void after() {
        down();
        folder.delete();
    }

    Path work() {
        return folder.getRoot().toPath();
    }

    Path db() {
        return work().resolve("var/db/openedge");
    }

    Path application() {
        return db().resolve("application.yml");
    }

    /** Starts as the gateway does. */
    void up() throws Exception {
        up(new HostDisk());
    }

    void up(Disk disk) throws Exception {
        workers = new Workers();
        time = new SystemTime();
        engine = new FakeEngine();
        Engines engines = new Engines();
        engines.add(MODE, engine);
        supervisor = new Supervisor(workers, time, engines, new HostView(), db().resolve("application.stats"));
        String story = new Recovery(application(), MODE).run();
        Deployments deployments = new Deployments(work(), application(), MODE, UserRange.NONE);
        Deployment now;
        String broken = "";
        try {
            now = deployments.current(warning -> {});
        } catch (ConfigException e) {
            broken = e.getMessage();
            now = deployments.unusable();
        }
        Gateway none = (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        ServicePlans plans = new ServicePlans(
                work(),
                work().resolve("var/run/operator.sock"),
                MODE,
                new Environment(new ApiAddress("unix:///api.sock", ""), () -> ""),
                Duration.ofSeconds(2),
                new ServiceAddresses(supervisor::served),
                (service, instance, dynamic) -> none,
                service -> "token");
        Surroundings around = new Surroundings(
                application(),
                deployments,
                new TrustGate(trusted, work().resolve("var/lib/openedge/trust/openedge.manifest")),
                plans,
                new Ground(),
                supervisor,
                engines,
                workers,
                time,
                new GatewayConfig.Update(new Limit(defer), new Limit(Duration.ofSeconds(5))));
        updates = new Updates(around.parts(disk), now, broken, story);
        AppConfig first = now.application();
        supervisor
                .start(
                        plans.of(
                                first,
                                first.services().stream().map(ServiceSpec::name).toList()),
                        name -> Optional.empty())
                .get(10, TimeUnit.SECONDS);
        until(supervisor::settled);
    }

    /** An installation with one engine, and no module that it brings. */
    private record Ground() implements Groundwork {
        @Override
        public void load(AppConfig application) {}

        @Override
        public Set<String> modules() {
            return Set.of();
        }

        @Override
        public Optional<String> unavailable(String engine) {
            return engine.equals(MODE) ? Optional.empty() : Optional.of("engine '" + engine + "' is not available");
        }
    }

    /** Dies at once. */
    void down() {
        if (workers != null) {
            workers.close();
            time.close();
        }
    }

    /** What runs, is on disk and is reported must be one and the same application. */
    void consistent() throws ConfigException {
        until(() -> engine.versions().equals(wanted()));
        AppConfig onDisk = onDisk();
        assertThat(updates.application()).isEqualTo(onDisk);
        assertThat(db().resolve("application.yml.old")).doesNotExist();
        assertThat(db().toFile().list()).noneMatch(name -> name.endsWith(".yml.tmp"));
    }

    private Map<String, String> wanted() throws ConfigException {
        Map<String, String> wanted = new TreeMap<>();
        onDisk().services()
                .forEach(service -> wanted.put(service.name(), service.env().get("V")));
        return wanted;
    }

    AppConfig onDisk() throws ConfigException {
        return Files.exists(application()) ? Applications.read(application(), warning -> {}) : AppConfig.NONE;
    }

    /** Puts an application in place, as somebody did before the gateway starts. */
    void installed(String version, String... services) {
        write(application(), text(version, services));
    }

    /** An application that an update may name; answers its path. */
    String offer(String version, String... services) {
        String path = "var/db/openedge/app-" + version;
        write(work().resolve(path).resolve("application.yml"), text(version, services));
        return path;
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String version, String... services) {
        StringBuilder text =
                new StringBuilder("version: " + version + "\nservices:" + (services.length == 0 ? " []" : "") + "\n");
        for (String service : services) {
            String[] parts = service.split(":");
            text.append("  - name: ")
                    .append(parts[0])
                    .append("\n    image: image\n    replica: 1\n")
                    .append("    env: {V: '")
                    .append(parts[1])
                    .append("'}\n")
                    .append("    restart: {backoff: {min: 1ms, max: 5ms}}\n")
                    .append("    health: {window: 50ms}\n");
        }
        return text.toString();
    }

    UpdateResult update(String path) throws Exception {
        return outcome(updates.update(path, true));
    }

    static UpdateResult outcome(CompletionStage<UpdateResult> update) throws Exception {
        return update.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    static void until(Callable<Boolean> condition) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(2, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
