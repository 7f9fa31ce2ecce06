package io.openedge.engine.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;

/** Packages of several services are swapped at the same time, while somebody tidies up. */
public class PackageStormTest {
    private static final int SERVICES = 4;
    private static final int ROUNDS = 25 * Integer.getInteger("openedge.rounds", 1);

    @Rule
    public final LiveFramework felix = new LiveFramework();

    @Test
    public void everyServiceRunsTheVersionThatItWasGivenLast() throws Exception {
        Set<String> names = IntStream.range(0, SERVICES).mapToObj(i -> "s" + i).collect(Collectors.toSet());
        ExecutorService actors = Executors.newFixedThreadPool(SERVICES + 1);
        CountDownLatch done = new CountDownLatch(SERVICES);
        try (PackageFixture gateway = new PackageFixture(felix)) {
            List<PackageVolume> versions =
                    List.of(gateway.hello("1.0.0"), gateway.hello("2.0.0"), gateway.hello("3.0.0"));
            List<Future<?>> results = new ArrayList<>();
            for (String name : names) {
                results.add(actors.submit(() -> {
                    try {
                        swap(gateway, name, versions);
                    } finally {
                        done.countDown();
                    }
                    return null;
                }));
            }
            results.add(actors.submit(() -> {
                while (!done.await(3, TimeUnit.MILLISECONDS)) {
                    gateway.engine().retain(names);
                }
                return null;
            }));
            for (Future<?> result : results) {
                result.get(120, TimeUnit.SECONDS);
            }
            gateway.engine().retain(names);
            assertThat(gateway.installed()).isEmpty();
            gateway.engine().retain(Set.of());
            for (String name : names) {
                assertThat(gateway.stored(name)).isEmpty();
            }
        } finally {
            actors.shutdownNow();
        }
    }

    private static void swap(PackageFixture gateway, String name, List<PackageVolume> versions) throws Exception {
        Random random = new Random(name.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            int version = random.nextInt(versions.size());
            gateway.prepare(name, versions.get(version));
            PackageFixture.Running running = gateway.run(name, versions.get(version));
            assertThat(gateway.seen(name, "version")).isEqualTo(version + 1 + ".0.0");
            running.end();
        }
    }
}
