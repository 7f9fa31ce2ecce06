package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The bundles in a live framework: no start order, and whoever opens, closes. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class FrameworkIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Inject
    private BundleContext context;

    /** All bundles of the osgi mode in an order drawn by chance; a failure prints the seed. */
    @Configuration
    public Option[] everyBundleInRandomOrder() throws Exception {
        Set<Path> bundles = new LinkedHashSet<>();
        for (String feature : List.of(
                "core",
                "engine-osgi",
                "engine-native",
                "engine-docker",
                "hub",
                "function",
                "function-grpc",
                "timer",
                "shell")) {
            bundles.addAll(Distribution.feature(feature));
        }
        long seed = Long.getLong("openedge.seed", System.nanoTime());
        List<Path> order = new ArrayList<>(bundles);
        Collections.shuffle(order, new Random(seed));
        Path work = Files.createTempDirectory("framework");
        Path conf = Files.createDirectories(work.resolve("etc/openedge")).resolve("openedge.yml");
        Files.writeString(
                conf,
                "mode: osgi\npidfile: var/run/openedge/openedge.pid\n"
                        + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n");
        Path db = Files.createDirectories(work.resolve("var/db/openedge/hub-conf"));
        Files.writeString(db.resolve("service.yml"), "listen: ['tcp://127.0.0.1:0']\n");
        Files.writeString(
                db.resolveSibling("application.yml"),
                "version: v1\n"
                        + "services: [{name: hub, image: openedge-hub, replica: 1, "
                        + "mounts: [{name: hub-conf, path: etc/openedge}]}]\n"
                        + "volumes: [{name: hub-conf, path: var/db/openedge/hub-conf}]\n");

        List<Option> options = new ArrayList<>();
        for (Path path : order) {
            options.add(bundle(path.toUri().toString()).start(!isFragment(path)));
        }
        options.add(frameworkProperty("openedge.home").value(Distribution.home().toString()));
        options.add(frameworkProperty("openedge.workdir").value(work.toString()));
        options.add(frameworkProperty("openedge.conf").value(conf.toString()));
        options.add(frameworkProperty("org.osgi.framework.bootdelegation").value("sun.misc"));
        options.add(systemProperty("openedge.seed").value(String.valueOf(seed)));
        options.add(junitBundles());
        options.add(systemPackages(fromTheClassPath()));
        options.add(cleanCaches(true));
        return options.toArray(new Option[0]);
    }

    private static boolean isFragment(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.getManifest().getMainAttributes().getValue("Fragment-Host") != null;
        }
    }

    /** Logging, as the launcher exports it, and what the tests themselves use. */
    private static String[] fromTheClassPath() throws IOException {
        List<String> packages = new ArrayList<>();
        for (Class<?> type : List.of(
                org.slf4j.Logger.class,
                ch.qos.logback.classic.Logger.class,
                ch.qos.logback.core.Appender.class,
                org.assertj.core.api.Assertions.class,
                org.awaitility.Awaitility.class)) {
            packages.addAll(Manifests.exports(type));
        }
        packages.add("org.hamcrest");
        return packages.toArray(String[]::new);
    }

    @Test
    public void everyBundleResolvesWhateverTheOrder() {
        awaitServing();

        assertThat(Arrays.stream(context.getBundles()).filter(b -> b.getState() != Bundle.ACTIVE))
                .as("bundles that do not run; seed " + System.getProperty("openedge.seed"))
                .filteredOn(b -> b.getHeaders().get("Fragment-Host") == null)
                .isEmpty();
    }

    @Test
    public void everyBundleStoppedAndStartedTwiceLeavesWhatWasThere() throws Exception {
        awaitServing();
        await("the host was looked at: JNA keeps a thread from then on")
                .atMost(LIMIT)
                .until(() -> held().containsKey("JNA Cleaner"));
        List<Bundle> ours = Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().startsWith("io.openedge."))
                .toList();
        for (Bundle bundle : ours) {
            // The first round is for what is made once and kept, such as a library's timer.
            restart(bundle);
            Set<String> services = services();
            Map<String, Integer> held = held();
            restart(bundle);
            restart(bundle);
            await("the services of before, after " + bundle.getSymbolicName())
                    .atMost(LIMIT)
                    .until(() -> services().equals(services));
            await("no more threads and sockets than before, after " + bundle.getSymbolicName())
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(held())
                            .allSatisfy((what, count) ->
                                    assertThat(count).as(what).isLessThanOrEqualTo(held.getOrDefault(what, 0))));
        }
    }

    private void restart(Bundle bundle) throws Exception {
        bundle.stop();
        bundle.start();
        awaitServing();
    }

    /** The gateway runs its application: these threads of the hub are the last thing to come. */
    private void awaitServing() {
        await("the gateway serves; seed " + System.getProperty("openedge.seed"))
                .atMost(LIMIT)
                .until(() -> held().keySet().containsAll(List.of("hub-hub-config", "hub-hub-metrics")));
    }

    private Set<String> services() {
        Set<String> all = new TreeSet<>();
        for (Bundle bundle : context.getBundles()) {
            ServiceReference<?>[] registered = bundle.getRegisteredServices();
            if (registered != null && bundle.getSymbolicName().startsWith("io.openedge.")) {
                for (ServiceReference<?> service : registered) {
                    all.add(bundle.getSymbolicName() + " "
                            + Arrays.toString((String[]) service.getProperty("objectClass")));
                }
            }
        }
        return all;
    }

    /** Live threads by name without numbers, and sockets. Pools that shrink at rest may hold less later, never more. */
    private static Map<String, Integer> held() throws IOException {
        Map<String, Integer> all = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9]+", "N"))
                .filter(name -> !name.startsWith("awaitility") && !name.startsWith("Felix"))
                .forEach(name -> all.merge(name, 1, Integer::sum));
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().startsWith("socket:")) {
                    all.merge("sockets", 1, Integer::sum);
                }
            }
        }
        return all;
    }
}
