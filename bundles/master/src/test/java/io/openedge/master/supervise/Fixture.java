package io.openedge.master.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.app.RestartPolicy;
import io.openedge.app.RestartPolicy.Backoff;
import io.openedge.app.RestartPolicy.Policy;
import io.openedge.app.RestartPolicy.Retry;
import io.openedge.app.ServiceSpec;
import io.openedge.master.app.ApiAddress;
import io.openedge.master.app.Environment;
import io.openedge.master.app.ServiceAddresses;
import io.openedge.master.app.ServicePlan;
import io.openedge.master.app.VolumeFolders;
import io.openedge.master.status.HostView;
import io.openedge.master.work.Workers;
import io.openedge.system.Gateway;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** A supervisor with fake time and one fake engine that a test may add. */
public final class Fixture extends ExternalResource {
    static final Duration GRACE = Duration.ofSeconds(30);

    final TemporaryFolder folder = new TemporaryFolder();
    final FakeTime time = new FakeTime();
    final Engines engines = new Engines();
    final FakeEngine engine = new FakeEngine();
    final HostView host = new HostView();
    Workers workers = new Workers();
    Supervisor supervisor;
    private final ListAppender<ILoggingEvent> bugs = new ListAppender<>();

    @Override
    protected void before() throws Throwable {
        folder.create();
        bugs.start();
        log().addAppender(bugs);
        supervisor = new Supervisor(workers, time, engines, host, stats());
    }

    @Override
    protected void after() {
        workers.close();
        folder.delete();
        log().detachAppender(bugs);
        assertThat(bugs.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains("no legal move"))
                .noneMatch(message -> message.contains("a task of the gateway failed"));
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("io.openedge.master");
    }

    Path stats() {
        return folder.getRoot().toPath().resolve("application.stats");
    }

    /** A gateway that crashed and comes again. */
    void again() {
        workers.close();
        workers = new Workers();
        supervisor = new Supervisor(workers, time, engines, host, stats());
    }

    void run(ServiceSpec... services) {
        engines.add("fake", engine);
        runWithoutEngine(services);
    }

    void runWithoutEngine(ServiceSpec... services) {
        supervisor.start(plans(services), engine -> Optional.empty());
    }

    List<Plan> plans(ServiceSpec... services) {
        Path work = folder.getRoot().toPath();
        Gateway none = (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        ServicePlan.Setting setting = new ServicePlan.Setting(
                new VolumeFolders(work, work.resolve("operator.sock"), List.of()),
                new Environment(new ApiAddress("unix:///api.sock", ""), () -> ""),
                GRACE,
                new ServiceAddresses(supervisor::served),
                (service, instance, dynamic) -> none);
        List<Plan> plans = new ArrayList<>();
        for (ServiceSpec service : services) {
            plans.add(new ServicePlan(service, "fake", "secret-" + service.name(), setting));
        }
        return plans;
    }

    static ServiceSpec service(String name, int replica) {
        return service(name, replica, RestartPolicy.DEFAULT);
    }

    static ServiceSpec service(String name, int replica, RestartPolicy restart) {
        return new ServiceSpec(
                name,
                "image-" + name,
                replica,
                null,
                null,
                null,
                null,
                Map.of(),
                restart,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false);
    }

    static RestartPolicy policy(Policy policy, int max) {
        return new RestartPolicy(policy, new Retry(max), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), 2));
    }

    Optional<InstanceStatus> status(String instance) {
        return supervisor.services().stream()
                .flatMap(service -> service.instances().stream())
                .filter(status -> status.name().equals(instance))
                .findFirst();
    }

    InstanceStatus awaitState(String instance, InstanceState state) {
        until(() -> status(instance).map(InstanceStatus::status).equals(Optional.of(state)));
        return status(instance).orElseThrow();
    }

    /** The newest run of an instance, once there are that many. */
    FakeEngine.Run awaitRun(String instance, int count) {
        until(() -> engine.runsOf(instance).size() >= count);
        return engine.runsOf(instance).get(count - 1);
    }

    static void until(Callable<Boolean> condition) {
        await().atMost(10, TimeUnit.SECONDS)
                .pollInterval(2, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
