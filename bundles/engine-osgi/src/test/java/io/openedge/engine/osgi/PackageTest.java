package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.LiveFramework.offer;
import static io.openedge.engine.osgi.PackageFixture.within;
import static io.openedge.engine.osgi.Specs.GRACE;
import static io.openedge.engine.osgi.Specs.instance;
import static io.openedge.engine.osgi.Specs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** A module that a service brings: started, swapped, broken, put back, removed. */
public class PackageTest {
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
    public void aServiceRunsTheModuleOfItsPackage() throws Exception {
        PackageFixture.Running hello = gateway.run("hello", gateway.hello("1.0.0"));

        assertThat(gateway.seen("hello", "version")).isEqualTo("1.0.0");
        assertThat(gateway.installed()).containsExactly("org.example.hello 1.0.0");
        hello.end();
        assertThat(gateway.installed("hello").getState()).isEqualTo(Bundle.RESOLVED);
    }

    @Test
    public void theNextVersionIsMadeReadyBesideTheOneThatRuns() throws Exception {
        PackageFixture.Running one = gateway.run("hello", gateway.hello("1.0.0"));
        PackageFixture.Running other = gateway.run("other", gateway.hello("1.0.0"));
        PackageVolume next = gateway.hello("2.0.0");

        gateway.prepare("hello", next);

        assertThat(one.works()).isTrue();
        assertThat(gateway.installed())
                .containsExactly("org.example.hello 1.0.0", "org.example.hello 1.0.0", "org.example.hello 2.0.0");
        one.end();
        PackageFixture.Running two = gateway.run("hello", next);
        assertThat(gateway.seen("hello", "version")).isEqualTo("2.0.0");
        assertThat(other.works()).as("the same module of another service").isTrue();
        two.end();
        other.end();
    }

    @Test
    public void aBundleThatDoesNotResolveIsRefusedBeforeAnythingStops() throws Exception {
        PackageFixture.Running one = gateway.run("hello", gateway.hello("1.0.0"));
        PackageVolume broken = gateway.volume("broken")
                .with(
                        "lib/hello.jar",
                        BundleJar.module("org.example.hello", "2.0.0", "hello")
                                .header(
                                        Constants.IMPORT_PACKAGE,
                                        "io.openedge.module,org.osgi.framework,org.example.missing;version=\"[1,2)\""));

        assertThatThrownBy(() -> gateway.prepare("hello", broken))
                .isInstanceOf(EngineException.class)
                .hasMessage("service 'hello': the bundle org.example.hello 2.0.0 of its package does not resolve:"
                        + " nothing offers package org.example.missing, version >= 1.0.0, not version >= 2.0.0");

        assertThat(one.works()).isTrue();
        assertThat(gateway.installed()).containsExactly("org.example.hello 1.0.0");
        one.end();
    }

    @Test
    public void aLookAtAPackageLeavesNothing() throws Exception {
        PackageFixture.Running one = gateway.run("hello", gateway.hello("1.0.0"));
        List<Path> stored = gateway.stored("hello");
        PackageVolume broken = gateway.volume("broken")
                .with(
                        "lib/hello.jar",
                        BundleJar.module("org.example.hello", "2.0.0", "hello")
                                .header(Constants.IMPORT_PACKAGE, "org.example.missing"));

        assertThat(gateway.check("hello", gateway.hello("1.0.0"), Set.of())).isEmpty();
        assertThat(gateway.check("hello", gateway.hello("2.0.0"), Set.of())).isEmpty();
        assertThat(gateway.check("new", gateway.hello("2.0.0"), Set.of())).isEmpty();
        assertThat(gateway.check("hello", broken, Set.of()))
                .contains("does not resolve: nothing offers package org.example.missing");

        assertThat(gateway.installed()).containsExactly("org.example.hello 1.0.0");
        assertThat(gateway.stored("hello")).isEqualTo(stored);
        assertThat(gateway.stored("new")).isEmpty();
        assertThat(one.works()).isTrue();
        one.end();
    }

    @Test
    public void aModuleThatNobodyOffersOrBringsIsKnownBefore() throws Exception {
        PackageVolume empty = gateway.volume("empty");
        Files.createDirectories(empty.folder());
        assertThat(gateway.check("hello", empty, Set.of()))
                .startsWith("service 'hello': no bundle offers the module 'hello'")
                .contains("lib/openedge/hello/package.yml");

        assertThat(gateway.check("hello", empty, Set.of("hello"))).isEmpty();
        offer(felix.context().getBundle(), "hello", context -> () -> {});
        assertThat(gateway.check("hello", empty, Set.of())).isEmpty();
    }

    @Test
    public void aVersionThatDoesNotWorkIsPutBack() throws Exception {
        PackageVolume good = gateway.hello("1.0.0");
        PackageVolume bad = gateway.volume("bad")
                .with(
                        "lib/hello.jar",
                        BundleJar.module("org.example.hello", "2.0.0", "hello").header(PackagedModule.BREAKS, "start"));
        PackageFixture.Running one = gateway.run("hello", good);
        gateway.prepare("hello", bad);
        one.end();
        ServiceHandle tried = gateway.open("hello", bad);
        Instance failing = tried.start(instance("hello", "hello"));
        assertThat(within(failing.exited())).isEqualTo(new Exit.Failed("broken in its start"));
        tried.close();

        PackageFixture.Running again = gateway.run("hello", good);

        assertThat(gateway.seen("hello", "version")).isEqualTo("1.0.0");
        gateway.engine().retain(Set.of("hello"));
        assertThat(gateway.installed()).containsExactly("org.example.hello 1.0.0");
        again.end();
    }

    @Test
    public void aBundleThatDoesNotStartLeavesNothingActive() throws Exception {
        PackageVolume bad = gateway.volume("bad")
                .with("first.jar", BundleJar.module("org.example.first", "1.0.0", "first"))
                .with(
                        "second.jar",
                        BundleJar.module("org.example.second", "1.0.0", "hello")
                                .header(PackagedModule.BREAKS, "activator"));
        gateway.prepare("hello", bad);

        assertThatThrownBy(() -> gateway.open("hello", bad))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("service 'hello': the bundle org.example.second 1.0.0 of its package does not")
                .hasMessageContaining("broken in its activator");

        assertThat(gateway.installed("hello").getState()).isEqualTo(Bundle.RESOLVED);
        gateway.run("hello", gateway.hello("1.0.0")).end();
    }

    @Test
    public void aPackageWithoutTheModuleLeavesTheInstancePending() throws Exception {
        offer(felix.bundle("shipped", "1.0.0"), "hello", context -> () -> {});
        PackageVolume without =
                gateway.volume("without").with("a.jar", BundleJar.module("org.example.a", "1.0.0", "other"));
        ServiceHandle handle = gateway.open("hello", without);

        Instance hello = handle.start(instance("hello", "hello"));

        assertThat(hello.waitingFor()).contains("no bundle of its package offers the module 'hello'");
        hello.stop(GRACE);
        handle.close();
    }

    @Test
    public void besideAShippedModuleOfItsNameThePackageIsForItsOwnServiceOnly() throws Exception {
        List<String> shipped = new ArrayList<>();
        offer(felix.bundle("shipped", "1.0.0"), "hello", context -> {
            shipped.add(context.service());
            return () -> {};
        });
        ServiceHandle plain = gateway.engine().open(service("plain", "hello"), new Volumes(felix.work(), Map.of()));
        Instance before = plain.start(instance("plain", "plain"));
        within(before.running());
        PackageFixture.Running own = gateway.run("own", gateway.hello("1.0.0"));
        before.stop(GRACE);

        Instance after = before.restart();

        within(after.running());
        assertThat(shipped).containsExactly("plain", "plain");
        assertThat(gateway.seen("own", "version")).isEqualTo("1.0.0");
        own.end();
        assertThat(after.exited().toCompletableFuture()).isNotDone();
    }

    @Test
    public void theVolumeMayChangeUnderARunningModule() throws Exception {
        PackageVolume volume = gateway.hello("1.0.0");
        PackageFixture.Running one = gateway.run("hello", volume);

        Files.writeString(volume.folder().resolve("lib/hello.jar"), "no jar any more");

        assertThatThrownBy(() -> gateway.prepare("hello", volume))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(volume.folder() + "/package.yml: bundles[0]: 'lib/hello.jar' cannot be read");
        one.run().stop(GRACE);
        assertThat(gateway.seen("hello", "closed"))
                .as("a class that was loaded late")
                .isEqualTo("late");
        one.handle().close();
    }

    @Test
    public void aBundleThatSomebodyUninstalledIsThereAgainWhenTheServiceIsOpened() throws Exception {
        PackageVolume volume = gateway.hello("1.0.0");
        PackageFixture.Running one = gateway.run("hello", volume);

        gateway.installed("hello").uninstall();

        assertThat(within(one.run().exited())).isInstanceOf(Exit.Gone.class);
        assertThat(one.run().restart().waitingFor()).isPresent();
        one.handle().close();
        gateway.run("hello", volume).end();
    }

    @Test
    public void anEngineThatEndedBadlyLeavesNoPackages() throws Exception {
        PackageFixture.Running one = gateway.run("hello", gateway.hello("1.0.0"));
        assertThat(one.works()).isTrue();

        try (PackageFixture next = new PackageFixture(felix)) {
            assertThat(next.installed()).isEmpty();
            assertThat(within(one.run().exited())).isInstanceOf(Exit.Gone.class);
        }
    }

    @Test
    public void theStoreKeepsTheVersionThatRunsAndTheOneBefore() throws Exception {
        for (int version = 1; version <= 4; version++) {
            PackageVolume volume = gateway.hello(version + ".0.0");
            gateway.prepare("hello", volume);
            PackageFixture.Running hello = gateway.run("hello", volume);
            gateway.engine().retain(Set.of("hello"));
            assertThat(gateway.stored("hello")).hasSize(Math.min(version, 2));
            assertThat(gateway.installed()).containsExactly("org.example.hello " + version + ".0.0");
            hello.end();
        }
        gateway.prepare("hello", gateway.hello("5.0.0")); // given up
        gateway.engine().retain(Set.of("hello"));
        assertThat(gateway.stored("hello")).hasSize(2);
        assertThat(gateway.installed()).isEmpty();

        gateway.engine().retain(Set.of("another"));

        assertThat(gateway.stored("hello")).isEmpty();
    }

    @Test
    public void whoGivesUpIsHeard() throws Exception {
        PackageVolume volume = gateway.hello("1.0.0");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> gateway.prepare("hello", volume)).isInstanceOf(InterruptedException.class);

        assertThat(gateway.installed()).isEmpty();
        gateway.run("hello", volume).end();
    }

    @Test
    public void whatTheStoreHasIsCheckedAndMended() throws Exception {
        gateway.run("hello", gateway.hello("1.0.0")).end();
        gateway.close();
        Path entry = gateway.stored("hello").get(0);
        Path jar = entry.resolve("0-hello.jar");
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, new byte[whole.length]);
        Files.writeString(Files.createDirectories(entry.resolveSibling(".new")).resolve("0-hello.jar"), "half");
        gateway = new PackageFixture(felix);

        gateway.run("hello", gateway.hello("1.0.0")).end();

        assertThat(jar).hasBinaryContent(whole);
        assertThat(gateway.stored("hello")).containsExactly(entry);
    }

    @Test
    public void aPackageThatCannotBeKeptLeavesNothing() throws Exception {
        PackageVolume volume = gateway.hello("1.0.0");
        gateway.run("hello", volume).end();
        gateway.engine().retain(Set.of());
        Path entry = Files.createDirectories(felix.work().resolve("var/lib/openedge/packages/hello"))
                .resolve(gateway.digest("other", volume));
        Files.createDirectories(entry.resolve("folder/that/is/not/ours"));

        assertThatThrownBy(() -> gateway.prepare("hello", volume))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("service 'hello': the package " + volume.folder() + " cannot be kept: ");

        assertThat(gateway.installed()).containsExactly("org.example.hello 1.0.0");
        assertThat(gateway.stored("hello")).containsExactly(entry);
    }

    @Test
    public void entriesThatCanBeNoBundlesAreNamed() throws Exception {
        PackageVolume volume = gateway.hello("1.0.0");
        Files.writeString(volume.folder().resolve("text.jar"), "text");
        new BundleJar("org.example.hello", "1.0.0").write(volume.folder().resolve("same.jar"));
        new BundleJar("x", "1")
                .header(Constants.FRAGMENT_HOST, "system.bundle; extension:=framework")
                .write(volume.folder().resolve("extension.jar"));
        Files.createSymbolicLink(
                volume.folder().resolve("link.jar"), felix.work().resolve("outside.jar"));
        new BundleJar("outside", "1").write(felix.work().resolve("outside.jar"));
        Map<String, String> wrong = Map.of(
                "missing.jar", "is not there; allowed: a file below the folder of package.yml",
                "../x.jar", "leads out of the package",
                "link.jar", "leads out of the package through a link",
                "text.jar", "cannot be read",
                "same.jar", "is there twice",
                "extension.jar", "is a fragment of the framework itself");
        for (Map.Entry<String, String> entry : wrong.entrySet()) {
            Files.writeString(
                    volume.folder().resolve("package.yml"), "bundles: [lib/hello.jar, " + entry.getKey() + "]\n");
            assertThatThrownBy(() -> gateway.prepare("hello", volume))
                    .as(entry.getKey())
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("service 'hello': " + volume.folder() + "/package.yml: bundles[1]: '"
                            + entry.getKey() + "' " + entry.getValue());
        }
        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.stored("hello")).isEmpty();
    }
}
