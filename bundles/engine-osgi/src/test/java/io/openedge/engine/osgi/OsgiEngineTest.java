package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.LiveFramework.offer;
import static io.openedge.engine.osgi.Specs.GRACE;
import static io.openedge.engine.osgi.Specs.instance;
import static io.openedge.engine.osgi.Specs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.InstanceStats;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;

/** An instance in a live framework, from pending to its end. */
public class OsgiEngineTest {
    @Rule
    public final LiveFramework felix = new LiveFramework();

    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final Module counting = context -> {
        starts.incrementAndGet();
        return closes::incrementAndGet;
    };
    private OsgiEngine engine;

    @Before
    public void startEngine() {
        engine = new OsgiEngine(felix.context());
    }

    @After
    public void nothingIsLeft() {
        engine.close();
        await().atMost(GRACE).until(() -> liveThreads("hub/").isEmpty());
    }

    @Test
    public void anInstanceRunsAModuleAndStops() throws Exception {
        CompletableFuture<ModuleContext> seen = new CompletableFuture<>();
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            seen.complete(context);
            return closes::incrementAndGet;
        });
        Instance hub =
                open("hub", "example.com:5000/openedge/openedge-hub:0.1.4").start(instance("hub", "hub"));

        within(hub.running());

        assertThat(within(seen).service()).isEqualTo("hub");
        assertThat(within(seen).instance()).isEqualTo("hub");
        assertThat(within(seen).environment()).containsExactlyEntriesOf(Map.of("A", "0777"));
        assertThat(within(seen).directory()).isEqualTo(directory("hub"));
        assertThat(hub.waitingFor()).isEmpty();
        assertThat(hub.address()).isEmpty();
        assertThat(hub.stats()).isEqualTo(InstanceStats.UNKNOWN);
        assertThat(hub.processes()).isEmpty();
        assertThat(hub.record().place()).isEqualTo(new InstanceRecord.Framework());
        hub.stop(GRACE);
        hub.stop(GRACE);
        assertThat(closes).hasValue(1);
        assertThat(within(hub.exited())).isEqualTo(new Exit.Normal());
    }

    @Test
    public void anInstanceIsPendingUntilABundleOffersItsModule() throws Exception {
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));
        assertThat(hub.waitingFor()).contains("no bundle offers the module 'openedge-hub'");
        offer(felix.bundle("timer", "1.0.0"), "openedge-timer", counting);
        assertThat(hub.waitingFor()).isPresent();

        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", counting);

        within(hub.running());
        assertThat(hub.waitingFor()).isEmpty();
        assertThat(starts).hasValue(1);
    }

    @Test
    public void aPendingInstanceStopsAtOnce() throws Exception {
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));

        hub.stop(GRACE);

        assertThat(within(hub.exited())).isEqualTo(new Exit.Normal());
        assertThat(hub.waitingFor()).isEmpty();
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", counting);
        assertThat(starts).hasValue(0);
    }

    @Test
    public void aModuleGoesAwayAndComesBack() throws Exception {
        Bundle bundle = felix.bundle("hub", "1.0.0");
        ServiceRegistration<Module> registration = offer(bundle, "openedge-hub", counting);
        Instance first = open("hub", "openedge-hub").start(instance("hub", "hub"));
        within(first.running());

        registration.unregister();

        assertThat(closes).as("closed before the bundle goes on").hasValue(1);
        assertThat(within(first.exited()))
                .isEqualTo(new Exit.Gone("module 'openedge-hub': the bundle hub 1.0.0 took it back"));
        Instance second = first.restart();
        assertThat(second.waitingFor()).isPresent();
        offer(bundle, "openedge-hub", counting);
        within(second.running());
        assertThat(starts).hasValue(2);
    }

    @Test
    public void aBundleGoesOnlyWhenTheInstancesOfItsModuleAreClosed() throws Exception {
        CompletableFuture<Void> bundleGone = new CompletableFuture<>();
        CompletableFuture<Boolean> goneBeforeClosed = new CompletableFuture<>();
        Bundle bundle = felix.bundle("hub", "1.0.0");
        offer(bundle, "openedge-hub", context -> () -> goneBeforeClosed.complete(isDoneSoon(bundleGone)));
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));
        within(hub.running());

        stop(bundle);
        bundleGone.complete(null);

        assertThat(within(goneBeforeClosed)).isFalse();
        assertThat(within(hub.exited())).isInstanceOf(Exit.Gone.class);
    }

    @Test
    public void anUpdatedBundleIsUsedInItsNewVersion() throws Exception {
        Bundle bundle = felix.bundle("hub", "1.0.0");
        offer(bundle, "openedge-hub", counting);
        Instance first = open("hub", "openedge-hub").start(instance("hub", "hub"));
        within(first.running());

        LiveFramework.update(bundle, "2.0.0");

        Exit exit = within(first.exited());
        assertThat(exit.failure()).isFalse();
        assertThat(exit.reason()).contains("hub 1.0.0 is stopped or being updated");
        Instance second = first.restart();
        CompletableFuture<ClassLoader> loader = new CompletableFuture<>();
        offer(bundle, "openedge-hub", context -> {
            loader.complete(Thread.currentThread().getContextClassLoader());
            return () -> {};
        });
        within(second.running());
        assertThat(within(loader)).isSameAs(bundle.adapt(BundleWiring.class).getClassLoader());
        assertThat(bundle.getVersion()).hasToString("2.0.0");
    }

    @Test
    public void aStartThatThrowsIsAFailureWithItsReason() throws Exception {
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            throw new IOException("tcp://0.0.0.0:1883: address in use");
        });
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));

        assertThat(within(hub.exited())).isEqualTo(new Exit.Failed("tcp://0.0.0.0:1883: address in use"));
        assertThat(hub.running().toCompletableFuture()).isNotDone();
    }

    @Test
    public void aModuleWhoseClassesAreNotThereIsAFailure() throws Exception {
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            throw new NoClassDefFoundError("com/example/Missing");
        });
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));

        assertThat(within(hub.exited())).isEqualTo(new Exit.Failed("com/example/Missing"));
    }

    @Test
    public void aModuleThatGetsItsNameLaterIsTakenThen() throws Exception {
        ServiceRegistration<Module> timer = offer(felix.bundle("hub", "1.0.0"), "openedge-timer", counting);
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));
        assertThat(hub.waitingFor()).isPresent();

        timer.setProperties(new Hashtable<>(Map.of(Module.IMAGE, "openedge-hub")));

        within(hub.running());
    }

    @Test
    public void aModuleThatCannotGoOnIsClosedAndFails() throws Exception {
        CompletableFuture<ModuleContext> seen = new CompletableFuture<>();
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            seen.complete(context);
            return closes::incrementAndGet;
        });
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));
        within(hub.running());

        within(seen).fail(new IOException("the disk is full"));

        assertThat(within(hub.exited())).isEqualTo(new Exit.Failed("the disk is full"));
        assertThat(closes).hasValue(1);
    }

    @Test
    public void aStartIsInterruptedWhenTheInstanceStops() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            entered.countDown();
            new CountDownLatch(1).await();
            return closes::incrementAndGet;
        });
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

        hub.stop(GRACE);

        assertThat(within(hub.exited())).isEqualTo(new Exit.Normal());
        assertThat(hub.running().toCompletableFuture()).isNotDone();
    }

    @Test
    public void codeThatDoesNotStopIsLeftBehindAndAfterAFewTheServiceStaysFailed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> () -> awaitUninterruptibly(release));
        ServiceHandle service = open("hub", "openedge-hub");
        for (int run = 0; run < AbandonedThreads.LIMIT; run++) {
            Instance hub = service.start(instance("hub", "hub"));
            within(hub.running());
            hub.stop(Duration.ofMillis(50));
            assertThat(within(hub.exited()).reason()).contains("did not stop within 50 ms");
        }

        Instance refused = service.start(instance("hub", "hub"));

        assertThat(within(refused.exited()).failure()).isTrue();
        assertThat(within(refused.exited()).reason()).contains("restart the gateway", "engine: native");
        release.countDown();
        await().atMost(GRACE).until(() -> liveThreads("hub/").isEmpty());
        Instance again = service.start(instance("hub", "hub"));
        within(again.running());
    }

    @Test
    public void aBundleIsNotHeldUpForLongByAModuleThatDoesNotStop() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Bundle bundle = felix.bundle("hub", "1.0.0");
        offer(bundle, "openedge-hub", context -> () -> awaitUninterruptibly(release));
        InstanceSpec impatient = instance("hub", "hub", false, Duration.ofMillis(50), Map.of());
        Instance hub = open("hub", "openedge-hub").start(impatient);
        within(hub.running());

        within(CompletableFuture.runAsync(() -> stop(bundle)));

        assertThat(within(hub.exited()).failure()).isTrue();
        release.countDown();
    }

    @Test
    public void aRestartInPlaceKeepsWhatTheInstanceWrote() throws Exception {
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            Path file = context.resolve("var/db/openedge/count");
            Files.writeString(file, Files.exists(file) ? "second" : "first");
            return () -> {};
        });
        ServiceHandle service = open("hub", "openedge-hub");
        Instance first = service.start(instance("hub", "hub"));
        within(first.running());
        assertThatThrownBy(first::restart).isInstanceOf(IllegalStateException.class);
        first.stop(GRACE);

        within(first.restart().running());

        assertThat(directory("hub").resolve("var/db/openedge/count")).hasContent("second");
        engine.close();
        service.close();
        assertThat(directory("hub")).doesNotExist();
    }

    @Test
    public void twoServicesOfOneImageAreApart() throws Exception {
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", context -> {
            Files.writeString(context.resolve("var/db/openedge/name"), context.service());
            return closes::incrementAndGet;
        });
        Instance one = open("one", "openedge-hub").start(instance("one", "one"));
        Instance two = open("two", "openedge-hub").start(instance("two", "two"));
        within(one.running());
        within(two.running());

        one.stop(GRACE);

        assertThat(closes).hasValue(1);
        assertThat(two.exited().toCompletableFuture()).isNotDone();
        assertThat(directory("one").resolve("var/db/openedge/name")).hasContent("one");
        assertThat(directory("two").resolve("var/db/openedge/name")).hasContent("two");
    }

    @Test
    public void whatIsNoModuleCannotRunCommands() throws Exception {
        Instance hub = open("hub", "openedge-hub").start(instance("hub", "hub"));

        assertThatThrownBy(() -> hub.exec(List.of("true"), GRACE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("no command can run inside the instance hub");
    }

    @Test
    public void theEngineEndsItsInstancesWhenItGoes() throws Exception {
        offer(felix.bundle("hub", "1.0.0"), "openedge-hub", counting);
        ServiceHandle service = open("hub", "openedge-hub");
        Instance hub = service.start(instance("hub", "hub"));
        within(hub.running());

        engine.close();

        assertThat(closes).hasValue(1);
        assertThat(within(hub.exited())).isEqualTo(new Exit.Gone("the engine osgi stops"));
        assertThat(within(service.start(instance("hub", "hub")).exited()))
                .isEqualTo(new Exit.Failed("the engine osgi has stopped"));
    }

    private ServiceHandle open(String name, String image) throws EngineException {
        return engine.open(service(name, image), new Volumes(felix.work(), Map.of()));
    }

    private Path directory(String service) {
        return felix.work().resolve("var/run/openedge/services").resolve(service);
    }

    private static <T> T within(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static boolean isDoneSoon(CompletableFuture<Void> event) throws Exception {
        try {
            event.get(300, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException expected) {
            return false;
        }
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (org.osgi.framework.BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean waiting = true;
        while (waiting) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException ignored) {
                // code that does not listen
            }
        }
    }

    private static List<String> liveThreads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
