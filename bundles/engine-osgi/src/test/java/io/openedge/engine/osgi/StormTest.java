package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.LiveFramework.offer;
import static io.openedge.engine.osgi.Specs.GRACE;
import static io.openedge.engine.osgi.Specs.instance;
import static io.openedge.engine.osgi.Specs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** Many things at once, and what is left when all is over. */
public class StormTest {
    private static final int ACTORS = 4;
    private static final int ROUNDS = 150;

    @Rule
    public final LiveFramework felix = new LiveFramework();

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    public void startsStopsFailuresAndVanishingBundlesLeaveNothingBehind() throws Exception {
        OsgiEngine engine = new OsgiEngine(felix.context());
        Bundle bundle = felix.bundle("hub", "1.0.0");
        ServiceHandle service = engine.open(service("hub", "openedge-hub"), new Volumes(felix.work(), Map.of()));
        ExecutorService actors = Executors.newFixedThreadPool(ACTORS + 1);
        CountDownLatch done = new CountDownLatch(ACTORS);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int actor = 0; actor < ACTORS; actor++) {
                String name = "hub.i" + actor;
                Random random = new Random(actor);
                results.add(actors.submit(() -> {
                    try {
                        live(service, name, random);
                    } finally {
                        done.countDown();
                    }
                    return null;
                }));
            }
            results.add(actors.submit(() -> comeAndGo(bundle, done)));
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        } finally {
            actors.shutdownNow();
            service.close();
            engine.close();
        }
        assertThat(open).as("modules left open").hasValue(0);
        assertThat(most).as("modules at work").hasPositiveValue();
        await().atMost(GRACE)
                .untilAsserted(() ->
                        assertThat(threads()).noneMatch(name -> name.startsWith("hub/") || name.contains("osgi")));
    }

    /** The life of one instance, as the master would lead it. */
    private static void live(ServiceHandle service, String name, Random random) throws Exception {
        Instance run = service.start(instance("hub", name));
        for (int round = 0; round < ROUNDS; round++) {
            switch (random.nextInt(3)) {
                case 0 -> run.stop(GRACE);
                case 1 -> {
                    Instance other = run;
                    Thread second = new Thread(() -> other.stop(GRACE));
                    second.start();
                    run.stop(GRACE);
                    second.join(GRACE.toMillis());
                }
                default -> {
                    run.running()
                            .toCompletableFuture()
                            .completeOnTimeout(null, 5, TimeUnit.MILLISECONDS)
                            .join();
                    run.stop(GRACE);
                }
            }
            Exit exit = run.exited().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(exit.reason()).doesNotContain("did not stop");
            run = run.restart();
        }
        run.stop(GRACE);
    }

    private Void comeAndGo(Bundle bundle, CountDownLatch done) throws InterruptedException {
        Random random = new Random(99);
        while (done.getCount() > 0) {
            ServiceRegistration<Module> registration = offer(bundle, "openedge-hub", context -> start(context, random));
            done.await(random.nextInt(4), TimeUnit.MILLISECONDS);
            registration.unregister();
        }
        return null;
    }

    private ModuleInstance start(ModuleContext context, Random random) throws InterruptedException {
        int what = random.nextInt(10);
        if (what == 0) {
            throw new IllegalStateException("no luck");
        }
        if (what == 1) {
            context.fail(new IllegalStateException("not for long"));
        }
        if (what == 2) {
            new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
        }
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        return open::decrementAndGet;
    }

    @Test
    public void aBundleThatIsGoneLeavesNoClassLoader() throws Exception {
        OsgiEngine engine = new OsgiEngine(felix.context());
        ServiceHandle service = engine.open(service("hub", "openedge-hub"), new Volumes(felix.work(), Map.of()));
        Bundle bundle = felix.bundle("hub", "1.0.0", PlainModule.class, PlainInstance.class);
        offer(bundle, "openedge-hub", (Module) bundle.loadClass(PlainModule.class.getName())
                .getDeclaredConstructor()
                .newInstance());
        WeakReference<ClassLoader> loader = new WeakReference<>(
                bundle.loadClass(PlainModule.class.getName()).getClassLoader());
        Instance run = service.start(instance("hub", "hub"));
        run.running().toCompletableFuture().get(10, TimeUnit.SECONDS);

        bundle.uninstall();

        assertThat(run.exited().toCompletableFuture().get(10, TimeUnit.SECONDS)).isInstanceOf(Exit.Gone.class);
        Instance waiting = run.restart();
        felix.refresh();
        await().atMost(GRACE).untilAsserted(() -> {
            System.gc();
            assertThat(loader.get()).isNull();
        });
        assertThat(waiting.waitingFor()).isPresent();
        engine.close();
    }

    /** A module whose class lives in a bundle. */
    public static final class PlainModule implements Module {
        @Override
        public ModuleInstance start(ModuleContext context) {
            return new PlainInstance();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
