package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.Specs.GRACE;
import static io.openedge.engine.osgi.Specs.instance;
import static io.openedge.engine.osgi.Specs.mount;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** An engine in a live framework and services that bring the module {@code hello} in a package. */
final class PackageFixture implements AutoCloseable {
    static final String IMAGE = "registry.example.com/hello:1";

    private final LiveFramework felix;
    private final OsgiEngine engine;

    /** The engine has a bundle of its own: the framework asks who installs. */
    PackageFixture(LiveFramework felix) throws BundleException, IOException {
        this.felix = felix;
        this.engine = new OsgiEngine(felix.bundle("engine", "1.0.0").getBundleContext());
    }

    OsgiEngine engine() {
        return engine;
    }

    PackageVolume volume(String name) throws IOException {
        return new PackageVolume(felix.work().resolve("var/db/openedge").resolve(name));
    }

    /** A package of one bundle that offers hello. */
    PackageVolume hello(String version) throws IOException {
        return volume("hello-" + version)
                .with("lib/hello.jar", BundleJar.module("org.example.hello", version, "hello"));
    }

    static ServiceSpec spec(String service) {
        return Specs.service(service, IMAGE, mount("package", "lib/openedge/hello"));
    }

    Volumes volumes(PackageVolume volume) {
        return new Volumes(felix.work(), Map.of("package", volume.folder()));
    }

    /** As the master does before it stops anything. */
    void prepare(String service, PackageVolume volume) throws EngineException, InterruptedException {
        var failures = engine.prepare(List.of(spec(service)), volumes(volume), (name, what) -> {});
        if (!failures.isEmpty()) {
            throw failures.get(service);
        }
    }

    /** What speaks against a service; empty: nothing. */
    String check(String service, PackageVolume volume, Set<String> brought) throws InterruptedException {
        EngineException failure =
                engine.check(List.of(spec(service)), volumes(volume), brought).get(service);
        return failure == null ? "" : failure.getMessage();
    }

    ServiceHandle open(String service, PackageVolume volume) throws EngineException {
        return engine.open(spec(service), volumes(volume));
    }

    /** A service with one instance that runs. */
    Running run(String service, PackageVolume volume) throws Exception {
        ServiceHandle handle = open(service, volume);
        Instance run = handle.start(instance(service, service));
        within(run.running());
        return new Running(handle, run);
    }

    /** What the module wrote. */
    String seen(String service, String what) throws IOException {
        return Files.readString(felix.work()
                .resolve("var/run/openedge/services")
                .resolve(service)
                .resolve("var/db/openedge")
                .resolve(what));
    }

    /** Folders of versions in the store. */
    List<Path> stored(String service) throws IOException {
        Path entries = felix.work().resolve("var/lib/openedge/packages").resolve(service);
        if (!Files.isDirectory(entries)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(entries)) {
            return all.toList();
        }
    }

    /** The name that the store gives to the content of a package; another service has it then. */
    String digest(String service, PackageVolume volume) throws Exception {
        prepare(service, volume);
        return stored(service).get(0).getFileName().toString();
    }

    /** The bundles of packages in the framework, as {@code name version}. */
    List<String> installed() {
        return Arrays.stream(felix.context().getBundles())
                .filter(bundle -> bundle.getLocation().contains("/var/lib/openedge/packages/"))
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .sorted()
                .toList();
    }

    Bundle installed(String service) {
        return Arrays.stream(felix.context().getBundles())
                .filter(bundle -> bundle.getLocation().contains("/packages/" + service + "/"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        engine.close();
        assertThat(installed()).as("packages after the engine").isEmpty();
    }

    static <T> T within(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** A service at work. */
    record Running(ServiceHandle handle, Instance run) {
        boolean works() {
            return !run.exited().toCompletableFuture().isDone();
        }

        /** As the master ends a service. */
        void end() throws Exception {
            run.stop(GRACE);
            assertThat(within(run.exited())).isEqualTo(new Exit.Normal());
            handle.close();
        }
    }
}
