package io.openedge.engine.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;

/** What packages share with the gateway and with each other: nothing that they bring themselves. */
public class PackageIsolationTest {
    private static final int ROUNDS = 20 * Integer.getInteger("openedge.rounds", 1);
    private static final String LIBRARY = "org.example.lib";

    @Rule
    public final LiveFramework felix = new LiveFramework();

    private PackageFixture gateway;

    @Before
    public void startEngine() throws Exception {
        gateway = new PackageFixture(felix);
    }

    @After
    public void stopEngine() {
        gateway.close();
    }

    @Test
    public void aPackageTakesItsOwnLibraryBeforeThatOfTheGateway() throws Exception {
        Bundle shipped = bundle(library("9.0.0", "of the gateway"));
        PackageFixture.Running own = gateway.run("own", withLibrary("own", "of the package"));
        PackageFixture.Running other = gateway.run("other", withLibrary("other", "of the other one"));
        PackageFixture.Running without =
                gateway.run("without", gateway.volume("without").with("hello.jar", importing("1.0.0")));

        assertThat(gateway.seen("own", "lib")).isEqualTo("of the package");
        assertThat(gateway.seen("other", "lib")).isEqualTo("of the other one");
        assertThat(gateway.seen("without", "lib")).isEqualTo("of the gateway");
        List<Integer> events = new CopyOnWriteArrayList<>();
        felix.context().addBundleListener(event -> {
            if (event.getBundle().equals(shipped)) {
                events.add(event.getType());
            }
        });
        own.end();
        without.end();
        other.end();
        gateway.engine().retain(Set.of());
        assertThat(gateway.installed()).isEmpty();
        felix.refresh();
        assertThat(events).as("what happened to the gateway's library").isEmpty();
    }

    @Test
    public void theGatewayTakesNothingFromAPackage() throws Exception {
        PackageFixture.Running hello = gateway.run("hello", withLibrary("hello", "of the package"));
        BundleJar curious = new BundleJar("org.example.curious", "1.0.0");
        Bundle dynamic = bundle(curious.header(Constants.DYNAMICIMPORT_PACKAGE, "*"));
        Bundle fixed = felix.context()
                .installBundle(
                        "test:fixed",
                        content(new BundleJar("fixed", "1.0.0").header(Constants.IMPORT_PACKAGE, LIBRARY)));

        assertThatThrownBy(fixed::start).isInstanceOf(BundleException.class).hasMessageContaining(LIBRARY);
        assertThat(dynamic.getResource("org/example/lib/version")).isNull();
        hello.end();
    }

    @Test
    public void aPackageDoesNotGetBetweenTheGatewayAndItsModule() throws Exception {
        BundleJar copy = new BundleJar("copy.of.api", "1.0.0")
                .header(Constants.EXPORT_PACKAGE, "io.openedge.module;version=7.0.0,org.slf4j;version=7.0.0")
                .type(io.openedge.module.Module.class);
        PackageVolume volume = gateway.volume("copy")
                .with("api.jar", copy)
                .with("hello.jar", BundleJar.module("org.example.hello", "1.0.0", "hello"));

        gateway.run("hello", volume).end();
    }

    @Test
    public void aFragmentIsOnlyForBundlesOfItsPackage() throws Exception {
        Bundle unresolved = felix.context().installBundle("test:lib", content(library("1.0.0", "of the gateway")));
        BundleJar fragment = new BundleJar("org.example.fragment", "1.0.0")
                .header(Constants.FRAGMENT_HOST, LIBRARY)
                .resource("org/example/lib/extra", "of the fragment");

        assertThatThrownBy(() ->
                        gateway.prepare("hello", gateway.volume("intruder").with("f.jar", fragment)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("org.example.fragment 1.0.0 of its package does not resolve");

        assertThat(unresolved.getState()).as("nobody resolved it").isEqualTo(Bundle.INSTALLED);
        assertThat(unresolved.getResource("org/example/lib/extra")).isNull();
        PackageVolume own = withLibrary("own", "of the package").with("fragment.jar", fragment);
        gateway.run("hello", own).end();
    }

    @Test
    public void aSingletonIsOneInItsPackage() throws Exception {
        bundle(new BundleJar("org.example.one;singleton:=true", "3.0.0"));
        PackageVolume first =
                gateway.hello("1.0.0").with("one.jar", new BundleJar("org.example.one;singleton:=true", "1.0.0"));
        PackageVolume second =
                gateway.hello("2.0.0").with("one.jar", new BundleJar("org.example.one;singleton:=true", "2.0.0"));

        PackageFixture.Running hello = gateway.run("hello", first);
        gateway.run("other", second).end();

        assertThat(hello.works()).isTrue();
        hello.end();
    }

    @Test
    public void aBundleOfThePackagesNameAndVersionCanBeInstalledBesideIt() throws Exception {
        PackageFixture.Running hello = gateway.run("hello", gateway.hello("1.0.0"));
        Bundle same = bundle(new BundleJar("org.example.hello", "1.0.0"));

        assertThat(same.getState()).isEqualTo(Bundle.ACTIVE);
        assertThatThrownBy(() -> felix.context()
                        .installBundle("test:twice", content(new BundleJar("org.example.hello", "1.0.0"))))
                .as("as without packages")
                .isInstanceOf(BundleException.class);
        hello.end();
    }

    @Test
    public void servicesOfAPackageStayInIt() throws Exception {
        Bundle other = bundle(new BundleJar("org.example.other", "1.0.0"));
        List<Object> heard = new CopyOnWriteArrayList<>();
        other.getBundleContext().addServiceListener(heard::add);

        PackageFixture.Running hello = gateway.run("hello", gateway.hello("1.0.0"));
        PackageFixture.Running second = gateway.run("second", gateway.hello("1.0.0"));

        assertThat(other.getBundleContext().getServiceReference(Runnable.class)).isNull();
        assertThat(gateway.installed("hello").getBundleContext().getServiceReferences(Runnable.class, null))
                .as("its own")
                .hasSize(1);
        assertThat(gateway.installed("second").getBundleContext().getServiceReferences(Runnable.class, null))
                .hasSize(1);
        hello.end();
        second.end();
        assertThat(heard).isEmpty();
    }

    /** {@code -Dopenedge.rounds=N} multiplies the swaps. */
    @Test
    public void swapsLeaveNoClassLoaderAndNoBundle() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        PackageVolume[] versions = {withLibrary("one", "1"), withLibrary("two", "2")};
        for (int round = 0; round < ROUNDS; round++) {
            PackageVolume version = versions[round % 2];
            gateway.prepare("hello", version);
            PackageFixture.Running hello = gateway.run("hello", version);
            for (Bundle bundle : felix.context().getBundles()) {
                if (bundle.getLocation().contains("/packages/hello/")) {
                    loaders.add(
                            new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
                }
            }
            gateway.engine().retain(Set.of("hello"));
            assertThat(gateway.installed()).hasSize(2);
            hello.end();
        }
        gateway.engine().retain(Set.of("hello"));
        assertThat(gateway.installed()).isEmpty();
        assertThat(loaders).hasSizeGreaterThanOrEqualTo(2 * ROUNDS);
        await().untilAsserted(() -> {
            System.gc();
            assertThat(loaders.stream().map(WeakReference::get).filter(Objects::nonNull))
                    .isEmpty();
        });
    }

    private PackageVolume withLibrary(String name, String text) throws IOException {
        return gateway.volume(name)
                .with("hello.jar", importing(name.equals("two") ? "2.0.0" : "1.0.0"))
                .with("lib.jar", library("1.0.0", text));
    }

    private static BundleJar importing(String version) throws IOException {
        return BundleJar.module("org.example.hello", version, "hello")
                .header(Constants.IMPORT_PACKAGE, "io.openedge.module,org.osgi.framework," + LIBRARY);
    }

    private static BundleJar library(String version, String text) {
        return new BundleJar(LIBRARY, version)
                .header(Constants.EXPORT_PACKAGE, LIBRARY + ";version=" + version)
                .resource("org/example/lib/version", text);
    }

    private Bundle bundle(BundleJar jar) throws Exception {
        Bundle bundle = felix.context().installBundle("test:" + jar, content(jar));
        bundle.start();
        return bundle;
    }

    private static InputStream content(BundleJar jar) throws IOException {
        Path file = Files.createTempFile("bundle", ".jar");
        try {
            return new ByteArrayInputStream(Files.readAllBytes(jar.write(file)));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
