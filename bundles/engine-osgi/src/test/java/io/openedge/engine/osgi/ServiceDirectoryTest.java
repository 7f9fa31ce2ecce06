package io.openedge.engine.osgi;

import static io.openedge.engine.osgi.Specs.mount;
import static io.openedge.engine.osgi.Specs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The directory of a service and its mounts, from open to close, with volumes whose content must survive. */
public class ServiceDirectoryTest {
    @Rule
    public final LiveFramework felix = new LiveFramework();

    private OsgiEngine engine;
    private Path data;
    private Path inner;
    private Volumes volumes;

    @Before
    public void startEngine() throws IOException {
        engine = new OsgiEngine(felix.context());
        data = volume("data");
        inner = volume("inner");
        volumes = new Volumes(felix.work(), Map.of("data", data, "inner", inner));
    }

    @After
    public void stopEngine() {
        engine.close();
    }

    @Test
    public void mountsAreLinksAndTheOtherFoldersAreMade() throws Exception {
        ServiceHandle handle = open(mount("data", "/var/db/openedge"));

        assertThat(directory("hub/var/db/openedge")).isSymbolicLink();
        assertThat(directory("hub/var/db/openedge/kept")).hasContent("data");
        assertThat(directory("hub/etc/openedge")).isDirectory();
        assertThat(directory("hub/var/log/openedge")).isDirectory();
        handle.close();
        handle.close();
        assertThat(directory("hub")).doesNotExist();
        assertThat(data.resolve("kept")).hasContent("data");
    }

    @Test
    public void closingFollowsNoLinkThatTheServiceMade() throws Exception {
        Path elsewhere = volume("elsewhere");
        ServiceHandle handle = open(mount("data", "etc/openedge"));
        Path own = Files.createDirectories(directory("hub/var/db/openedge/a/b"));
        Files.createSymbolicLink(own.resolve("trap"), elsewhere);
        Files.createSymbolicLink(own.resolve("dangling"), Path.of("nowhere"));
        Files.writeString(own.resolve("file"), "temporary");

        handle.close();

        assertThat(directory("hub")).doesNotExist();
        assertThat(elsewhere.resolve("kept")).hasContent("elsewhere");
        assertThat(data.resolve("kept")).hasContent("data");
    }

    @Test
    public void whatACrashLeftBehindIsRemovedWithoutTouchingVolumes() throws Exception {
        Files.createDirectories(directory("hub/var/db/openedge"));
        Files.writeString(directory("hub/var/db/openedge/old"), "old");
        Files.createDirectories(directory("hub/etc"));
        Files.createSymbolicLink(directory("hub/etc/openedge"), data);

        open(mount("inner", "etc/openedge"));

        assertThat(directory("hub/var/db/openedge/old")).doesNotExist();
        assertThat(directory("hub/etc/openedge/kept")).hasContent("inner");
        assertThat(data.resolve("kept")).hasContent("data");
    }

    @Test
    public void aCrashIsCleanedUpForServicesOfTheFrameworkOnly() throws Exception {
        Files.createDirectories(directory("hub"));
        Files.createDirectories(directory("other"));
        open(mount("data", "etc/openedge"));
        Files.createDirectories(directory("timer"));

        engine.reclaim(List.of(
                new InstanceRecord("hub", "hub", new InstanceRecord.Framework(), Instant.EPOCH, ""),
                new InstanceRecord("timer", "timer", new InstanceRecord.Framework(), Instant.EPOCH, ""),
                new InstanceRecord("other", "other", new InstanceRecord.Process(1, "x"), Instant.EPOCH, "")));

        assertThat(directory("timer")).doesNotExist();
        assertThat(directory("other")).exists();
        assertThat(directory("hub/etc/openedge/kept")).as("open now").exists();
    }

    @Test
    public void anInnerMountIsALinkInTheOuterVolumeWhileTheServiceIsOpen() throws Exception {
        ServiceHandle handle = open(mount("inner", "var/db/openedge/x/data"), mount("data", "var/db/openedge"));

        assertThat(directory("hub/var/db/openedge/x/data/kept")).hasContent("inner");
        handle.close();
        assertThat(entries(data)).containsExactly("kept");
        assertThat(entries(inner)).containsExactly("kept");
    }

    @Test
    public void anInnerMountThatSeveralServicesShareStaysUntilTheLastCloses() throws Exception {
        MountSpec[] mounts = {mount("data", "var/db"), mount("inner", "var/db/data")};
        ServiceHandle one = engine.open(service("one", "openedge-hub", mounts), volumes);
        ServiceHandle two = engine.open(service("two", "openedge-hub", mounts), volumes);

        one.close();
        assertThat(directory("two/var/db/data/kept")).hasContent("inner");
        two.close();
        assertThat(entries(data)).containsExactly("kept");
    }

    @Test
    public void anInnerMountTakesThePlaceOfAnEmptyFolderAndGivesItBack() throws Exception {
        Files.createDirectory(data.resolve("empty"));
        ServiceHandle handle = open(mount("data", "var/db"), mount("inner", "var/db/empty"));

        assertThat(directory("hub/var/db/empty/kept")).hasContent("inner");
        handle.close();
        assertThat(data.resolve("empty")).isEmptyDirectory().isDirectory();
        assertThat(Files.isSymbolicLink(data.resolve("empty"))).isFalse();
    }

    @Test
    public void anInnerMountWhoseVolumeLiesThereAnywayNeedsNothing() throws Exception {
        Path below = Files.createDirectory(data.resolve("below"));
        volumes = new Volumes(felix.work(), Map.of("data", data, "below", below));
        ServiceHandle handle = open(mount("data", "var/db"), mount("below", "var/db/below"));

        handle.close();
        assertThat(below).isDirectory();
        assertThat(Files.isSymbolicLink(below)).isFalse();
    }

    @Test
    public void anInnerMountThatACrashLeftBehindIsTakenOver() throws Exception {
        Files.createSymbolicLink(data.resolve("data"), inner);

        open(mount("data", "var/db"), mount("inner", "var/db/data")).close();

        assertThat(Files.exists(data.resolve("data"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    public void anInnerMountNeverReplacesWhatTheOuterVolumeHolds() throws Exception {
        Files.createDirectory(data.resolve("full"));
        Files.writeString(data.resolve("full/precious"), "precious");

        assertRefused("var/db/full", mount("data", "var/db"), mount("inner", "var/db/full"));
        assertRefused("var/db/kept", mount("data", "var/db"), mount("inner", "var/db/kept"));
        assertRefused("var/db/kept/x", mount("data", "var/db"), mount("inner", "var/db/kept/x"));

        assertThat(data.resolve("full/precious")).hasContent("precious");
        assertThat(data.resolve("kept")).hasContent("data");
    }

    @Test
    public void anInnerMountDoesNotLeaveItsVolumeThroughALink() throws Exception {
        Path elsewhere = volume("elsewhere");
        Files.createSymbolicLink(data.resolve("way-out"), elsewhere);

        assertRefused("var/db/way-out/x", mount("data", "var/db"), mount("inner", "var/db/way-out/x"));

        assertThat(entries(elsewhere)).containsExactly("kept");
    }

    @Test
    public void pathsThatClimbOutAreRefused() {
        assertRefused("climbs out", mount("data", "../../etc"));
        assertRefused("climbs out", mount("data", "/etc/../../x"));
        assertRefused("climbs out", mount("data", ".."));
        assertRefused("root of the service", mount("data", "/"));
        assertRefused("root of the service", mount("data", "etc/.."));
    }

    @Test
    public void twoMountsOnOnePathAreRefused() {
        assertRefused(
                "'data' is mounted there already", mount("data", "etc/openedge"), mount("inner", "/etc//openedge/"));
    }

    @Test
    public void aVolumeThatIsNotThereIsRefused() throws Exception {
        assertRefused("no volume 'other'", mount("other", "etc/openedge"));
        Files.delete(data.resolve("kept"));
        Files.delete(data);
        assertRefused("is no folder", mount("data", "etc/openedge"));
    }

    @Test
    public void aServiceIsOpenOnce() throws Exception {
        ServiceHandle handle = open();
        assertThatThrownBy(this::open).hasMessageContaining("open already");
        handle.close();
        open().close();
    }

    @Test
    public void argumentsOtherThanAConfigurationAreRefused() throws Exception {
        List<String> wrong = List.of("--verbose");
        assertThatThrownBy(() -> engine.open(service("hub", "openedge-hub", wrong), volumes))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("allowed: -c FILE");
        assertThat(engine.prepare(List.of(service("hub", "openedge-hub", wrong)), volumes, (name, what) -> {}))
                .containsOnlyKeys("hub");
        engine.open(service("hub", "openedge-hub", List.of("-c", "etc/x.yml")), volumes)
                .close();
    }

    @Test
    public void aUserThatNobodyCanBecomeIsToldBeforeAnythingStops() throws Exception {
        List<ServiceSpec> services = List.of(Specs.withUser("hub", "openedge-hub", "nosuch"));

        Map<String, EngineException> checked = engine.check(services, volumes, Set.of("openedge-hub"));
        Map<String, EngineException> prepared = engine.prepare(services, volumes, (name, what) -> {});

        assertThat(checked).containsOnlyKeys("hub");
        assertThat(checked.get("hub")).hasMessageContaining("service 'hub': user 'nosuch' is ");
        assertThat(prepared).containsOnlyKeys("hub");
        assertThat(prepared.get("hub")).hasMessage(checked.get("hub").getMessage());
    }

    @Test
    public void aPackageForTheNativeEngineIsPassedOver() throws Exception {
        Files.writeString(data.resolve("package.yml"), "entry: bin/openedge-hub\n");

        open(mount("data", "lib/openedge/openedge-hub")).close();
    }

    @Test
    public void aPackageWhoseBundleIsMissingIsRefused() throws Exception {
        Files.writeString(data.resolve("package.yml"), "bundles: [lib/hub.jar]\n");

        assertRefused(
                "package.yml: bundles[0]: 'lib/hub.jar' is not there", mount("data", "lib/openedge/openedge-hub"));
    }

    private ServiceHandle open(MountSpec... mounts) throws EngineException {
        return engine.open(service("hub", "openedge-hub", mounts), volumes);
    }

    /** Nothing is left of a service that could not be opened. */
    private void assertRefused(String why, MountSpec... mounts) {
        assertThatThrownBy(() -> open(mounts))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("service 'hub': ")
                .hasMessageContaining(why);
        assertThat(directory("hub")).doesNotExist();
    }

    private Path directory(String below) {
        return felix.work().resolve("var/run/openedge/services").resolve(below);
    }

    private Path volume(String name) throws IOException {
        Path folder =
                Files.createDirectories(felix.work().resolve("var/db/openedge").resolve(name));
        Files.writeString(folder.resolve("kept"), name);
        return folder;
    }

    private static List<String> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
