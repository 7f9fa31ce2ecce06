package io.openedge.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.config.RunningGateway;
import io.openedge.engine.Engine;
import io.openedge.master.feature.LiveFramework;
import io.openedge.master.supervise.FakeEngine;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Gateways;
import io.openedge.system.Inspect;
import io.openedge.system.InstanceState;
import io.openedge.system.UpdateResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/** The master in a live framework, from openedge.yml to running services and back. */
public class MasterComponentTest {
    private static final String APPLICATION = """
            version: V2
            services:
              - name: hub
                image: openedge-hub
                replica: 2
                permissions: [update, instances]
                env: {OPENEDGE_SERVICE_TOKEN: forged}
                mounts: [{name: conf, path: etc/openedge, readonly: true}]
              - name: function
                image: openedge-function-python36
              - name: boxed
                image: box
                replica: 1
                engine: docker
            volumes:
              - {name: conf, path: var/db/openedge/hub-conf, meta: {version: 1.10}}
            """;

    @Rule
    public final LiveFramework live = new LiveFramework();

    private final FakeEngine engine = new FakeEngine();
    private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
    private MasterComponent master;

    @Before
    public void install() throws IOException {
        configure("mode: osgi\ngrace: 2s\npidfile: var/run/openedge.pid\n"
                + "server: {address: 'unix://var/run/openedge.sock'}\n");
        Map<String, String> properties = Map.of("openedge.launcher", "exit");
        IntConsumer exit = exits::add;
        live.context().registerService(IntConsumer.class, exit, new Hashtable<>(properties));
    }

    @After
    public void stop() {
        if (master != null) {
            master.stop();
        }
    }

    @Test
    public void anApplicationRunsAndStops() throws Exception {
        live.jar("engine");
        live.jar("hub");
        live.list("engine-osgi", "engine osgi", "bundle engine.jar");
        live.list("hub", "image openedge-hub", "bundle hub.jar");
        live.list("extra", "bundle hub.jar");
        Files.writeString(live.work().resolve("etc/openedge/features"), "extra\nnonsense\n");
        application(APPLICATION);

        start();
        Gateway gateway = gateways().operator();
        until(gateway::settled);
        until(() -> states(gateway)
                .equals(Map.of(
                        "hub", InstanceState.RUNNING,
                        "hub.i1", InstanceState.RUNNING,
                        "boxed", InstanceState.FAILED)));

        assertThat(live.bundle("hub").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(live.work().resolve("var/db/openedge/hub-conf")).isDirectory();
        Inspect inspect = gateway.inspect();
        assertThat(inspect.error()).isEmpty();
        assertThat(inspect.software().confVersion()).isEqualTo("V2");
        assertThat(inspect.software().binVersion()).isEqualTo("1.2.3");
        assertThat(inspect.software().mode()).isEqualTo("osgi");
        assertThat(inspect.software().os()).isEqualTo("linux");
        assertThat(inspect.software().goVersion()).startsWith("java ");
        assertThat(inspect.volumes()).extracting("version").containsExactly("1.10");
        assertThat(inspect.services().get(2).instances().get(0).reason())
                .isEqualTo("engine 'docker' is not available in this installation");

        String token = engine.environmentOf("hub").get("OPENEDGE_SERVICE_TOKEN");
        Gateway hub = gateways().login("hub", token).orElseThrow();
        hub.report("hub", "hub.i1", Map.of("info", Map.of("name", "x"), "stats", 1));
        hub.report("hub", "hub.i1", Map.of("stats", 2));
        assertThat(gateway.inspect().services().get(0).instances().get(1).reported())
                .isEqualTo(Map.of("info", Map.of("name", "x"), "stats", 2));
        assertThat(gateways().login("hub", "forged")).isEmpty();
        assertThat(hub.startInstance("function", "f.1", Map.of())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo("fake:f.1 seen from osgi");
        Gateway dynamic = engine.gatewayOf("f.1");
        assertThatThrownBy(dynamic::inspect)
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(GatewayException.Kind.FORBIDDEN));

        Path pidFile = live.work().resolve("var/run/openedge.pid");
        assertThat(Files.size(pidFile)).isPositive();
        master.stop();

        assertThat(engine.alive()).isZero();
        assertThat(pidFile).doesNotExist();
        assertThat(live.work().resolve("var/db/openedge/application.stats")).doesNotExist();
        assertThat(live.context().getServiceReference(Gateways.class)).isNull();
        assertThat(exits).isEmpty();
    }

    @Test
    public void anApplicationIsUpdatedWhatItNeedsIsLoadedAndARestartRunsIt() throws Exception {
        live.jar("hub");
        live.list("hub", "image openedge-hub", "bundle hub.jar");
        live.list("engine-osgi", "engine osgi");
        String text =
                "version: V1\nservices: [{name: timer, image: openedge-timer, replica: 1, health: {window: 10ms}}]\n";
        application(text);
        start();
        Gateway gateway = gateways().operator();
        until(gateway::settled);
        Files.writeString(
                live.work().resolve("next.yml"), text.replace("V1", "V2").replace("timer", "hub"));

        assertThat(gateway.plan("next.yml")
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .steps())
                .extracting(step -> step.action() + " " + step.service())
                .containsExactly("STOP timer", "START hub");
        assertThat(outcome(gateway, "next.yml")).isEqualTo(Outcome.COMMITTED);

        assertThat(live.bundle("hub").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(states(gateway)).isEqualTo(Map.of("hub", InstanceState.RUNNING));
        assertThat(gateway.inspect().software().confVersion()).isEqualTo("V2");
        Files.writeString(live.work().resolve("next.yml"), "services: [{name: aa, image: b, engine: docker}]\n");
        assertThat(outcome(gateway, "next.yml")).isEqualTo(Outcome.REFUSED);
        assertThat(gateway.inspect().error()).contains("next.yml:1: services[0].engine: 'docker'");
        master.stop();
        start();
        until(() -> states(gateways().operator()).equals(Map.of("hub", InstanceState.RUNNING)));
    }

    private static Outcome outcome(Gateway gateway, String path) throws Exception {
        return gateway.update(path)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .outcome();
    }

    @Test
    public void whereItIsToBeMetIsWrittenDownWhileItRuns() throws Exception {
        application("services: []\n");
        start();
        until(gateways().operator()::settled);
        assertThat(RunningGateway.read(live.work()))
                .hasValueSatisfying(running -> assertThat(running.grace()).hasSeconds(2));

        master.stop();

        assertThat(RunningGateway.read(live.work())).isEmpty();
    }

    @Test
    public void aBadApplicationIsShownAndTheGatewayStaysUp() throws Exception {
        application("services:\n  - name: hub\n    image: x\n    replica: many\n");

        start();

        Gateway gateway = gateways().operator();
        until(gateway::settled);
        assertThat(gateway.inspect().error())
                .contains("application.yml:4")
                .contains("replica")
                .contains("many");
        assertThat(gateway.inspect().services()).isEmpty();
        assertThat(exits).isEmpty();
    }

    @Test
    public void withoutAnApplicationNothingRuns() throws Exception {
        start();

        until(gateways().operator()::settled);
        assertThat(gateways().operator().inspect().error()).isEmpty();
    }

    @Test
    public void aBadConfigurationEndsTheProcess() throws Exception {
        configure("mode: lxd\n");

        start();

        assertThat(exits.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(live.context().getServiceReference(Gateways.class)).isNull();
    }

    @Test
    public void aSecondGatewayIsRefusedAndTheFirstRunsOn() throws Exception {
        start();
        until(gateways().operator()::settled);

        MasterComponent second = new MasterComponent(live.context());

        assertThat(exits.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        second.stop();
        assertThat(live.work().resolve("var/run/openedge.pid")).exists();
        assertThat(gateways().operator().settled()).isTrue();
    }

    @Test
    public void warningsOfTheConfigurationAreInTheLogThatItNames() throws Exception {
        configure("mode: osgi\npidfile: var/run/openedge.pid\nlogger: {path: var/log/gateway.log}\ngrade: 2s\n"
                + "server: {address: 'unix://var/run/openedge.sock'}\n");

        start();
        until(gateways().operator()::settled);

        assertThat(Files.readString(live.work().resolve("var/log/gateway.log")))
                .contains("openedge.yml:4: grade: unknown key, ignored")
                .contains("did you mean grace?");
    }

    @Test
    public void aStalePidFileBarsNobody() throws Exception {
        Path pidFile = live.work().resolve("var/run/openedge.pid");
        Files.createDirectories(pidFile.getParent());
        Files.writeString(pidFile, "1\n");

        start();

        until(gateways().operator()::settled);
        assertThat(exits).isEmpty();
    }

    @Test
    public void aFeatureThatDoesNotResolveEndsTheProcess() throws Exception {
        live.jar("engine", "Import-Package", "org.example.nowhere");
        live.list("engine-osgi", "engine osgi", "bundle engine.jar");

        start();

        assertThat(exits.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(live.work().resolve("var/run/openedge.pid")).doesNotExist();
    }

    @Test
    public void anApiThatCannotBeServedEndsTheProcess() throws Exception {
        start();

        gateways().unserviceable("the port is taken");

        assertThat(exits.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    public void servicesAreStoppedBeforeTheFrameworkStopsAnyBundle() throws Exception {
        application(APPLICATION);
        live.jar("engine");
        live.list("engine-osgi", "engine osgi", "bundle engine.jar");
        start();
        until(gateways().operator()::settled);
        Map<String, Integer> alive = new HashMap<>();
        live.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() != 0) {
                alive.put(event.getBundle().getSymbolicName(), engine.alive());
            }
        });

        live.framework().stop();
        live.framework().waitForStop(TimeUnit.SECONDS.toMillis(10));

        assertThat(alive).isEqualTo(Map.of("engine", 0));
    }

    @Test
    public void aMasterThatIsStoppedAndStartedLeavesNoThread() throws Exception {
        application(APPLICATION);
        live.list("engine-osgi", "engine osgi");
        for (int round = 0; round < 2; round++) {
            start();
            until(gateways().operator()::settled);
            master.stop();
            until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("openedge-")));
        }
        assertThat(engine.alive()).isZero();
    }

    @Test
    public void portsAreFreeAndNotHandedOutTwice() throws Exception {
        start();
        Gateway gateway = gateways().operator();
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertThat(ports.add(gateway.availablePort())).isTrue();
        }
    }

    private void configure(String text) throws IOException {
        Files.writeString(live.work().resolve("etc/openedge/openedge.yml"), text);
    }

    private void application(String text) throws IOException {
        Files.writeString(live.work().resolve("var/db/openedge/application.yml"), text);
    }

    private void start() {
        master = new MasterComponent(live.context());
        master.addEngine(engine, Map.of(Engine.NAME, "osgi"));
    }

    private Gateways gateways() {
        until(() -> live.context().getServiceReference(Gateways.class) != null);
        ServiceReference<Gateways> reference = live.context().getServiceReference(Gateways.class);
        return live.context().getService(reference);
    }

    private static Map<String, InstanceState> states(Gateway gateway) {
        Map<String, InstanceState> states = new HashMap<>();
        gateway.inspect()
                .services()
                .forEach(service ->
                        service.instances().forEach(instance -> states.put(instance.name(), instance.status())));
        return states;
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(10, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
