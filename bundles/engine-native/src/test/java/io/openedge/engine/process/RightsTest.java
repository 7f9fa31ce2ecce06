package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.exit;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeTrue;

import io.openedge.app.MountSpec;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.ServiceHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** What a service may do: as whom it runs, and what it may write. */
public class RightsTest {
    @Rule
    public final Scene scene = new Scene();

    private static ServiceSpec as(String user, MountSpec... mounts) {
        return service("s", "p", user, Resources.NONE, mounts);
    }

    private void assumeRoot() {
        Tools tools = Tools.ofHost();
        assumeTrue("only root can become somebody else", tools.root() && tools.has("setpriv"));
    }

    @Test
    public void aServiceRunsAsItsUser() throws Exception {
        assumeRoot();
        letAllPass();
        scene.script(
                "p", "#!/bin/sh", "id -un; id -gn; id -Gn; echo $HOME $USER $LD_X; echo mine >var/db/openedge/own");
        ServiceHandle service = scene.open(scene.engine(), as("daemon"));

        Exit exit = exit(service.start(instance("s", "s", Map.of("LD_X", "x"), false, Scene.GRACE)));

        assertThat(exit).isEqualTo(new Exit.Normal());
        assertThat(scene.log("s", "s")).isEqualTo("daemon\ndaemon\ndaemon\n/usr/sbin daemon x\n");
        assertThat(scene.directory("s").resolve("var/db/openedge/own")).hasContent("mine\n");
        service.close();
        assertThat(scene.directory("s")).doesNotExist();
    }

    @Test
    public void aCommandInsideRunsAsThatUserToo() throws Exception {
        assumeRoot();
        letAllPass();
        scene.script("p", "#!/bin/sh", "exec sleep 60");
        Instance run = scene.open(scene.engine(), as("1")).start(instance("s", "s"));
        Scene.awaitRunning(run);

        assertThat(run.exec(List.of("sh", "-c", "[ $(id -u) = 1 ]"), Scene.LIMIT))
                .isZero();
    }

    @Test
    public void anUnknownUserIsNamedBeforeAnythingStops() throws Exception {
        assumeRoot();
        scene.script("p", "#!/bin/sh");
        NativeEngine engine = scene.engine();

        assertThatThrownBy(() -> scene.open(engine, as("nobody-of-that-name")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("service 's': user 'nobody-of-that-name' is unknown on this host; allowed");
        assertThat(engine.prepare(List.of(as("nobody-of-that-name")), scene.volumes(), (name, what) -> {}))
                .containsOnlyKeys("s");
    }

    @Test
    public void onlyRootCanBecomeSomebodyElse() throws Exception {
        scene.script("p", "#!/bin/sh").with(new Tools(Tools.ofHost().found(), false));

        assertThatThrownBy(() -> scene.open(scene.engine(), as("daemon")))
                .hasMessageContaining("only a gateway that runs as root");

        Map<String, Path> fewer = new HashMap<>(Tools.ofHost().found());
        fewer.remove("setpriv");
        scene.with(new Tools(fewer, true));
        assertThatThrownBy(() -> scene.open(scene.engine(), as("daemon"))).hasMessageContaining("no setpriv");
    }

    @Test
    public void aReadonlyMountCannotBeWrittenAndAnotherCan() throws Exception {
        assumeTrue("mount namespaces need rights", Tools.ofHost().noMounts().isEmpty());
        Path fixed = scene.volume("fixed");
        Path inner = Files.createDirectories(fixed.resolve("inner"));
        Files.writeString(fixed.resolve("word"), "abracadabra");
        scene.volume("free");
        scene.script(
                "p",
                "#!/bin/sh",
                "cat etc/openedge/word; echo",
                "echo x >etc/openedge/word && echo wrote fixed",
                "echo x >" + fixed + "/word && echo wrote its place",
                "echo x >var/db/openedge/x && echo wrote free",
                "echo x >var/db/inner/x && echo wrote inner",
                "echo x >var/log/openedge/x && echo wrote own",
                "true");
        NativeEngine engine = scene.engine();
        scene.volume("inner");
        ServiceHandle service = engine.open(
                as(
                        "",
                        new MountSpec("fixed", "etc/openedge", true),
                        new MountSpec("free", "var/db/openedge", false),
                        new MountSpec("inner", "var/db/inner", false)),
                volumesWith("inner", inner));

        assertThat(exit(service.start(instance("s", "s")))).isEqualTo(new Exit.Normal());

        assertThat(scene.log("s", "s"))
                .startsWith("abracadabra\n")
                .contains("Read-only file system", "wrote free", "wrote inner", "wrote own")
                .doesNotContain("wrote fixed")
                .doesNotContain("wrote its place");
        assertThat(fixed.resolve("word")).hasContent("abracadabra");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(fixed.toString());
        Files.writeString(fixed.resolve("word"), "the gateway itself may");
    }

    private io.openedge.engine.Volumes volumesWith(String name, Path path) {
        Map<String, Path> all = new HashMap<>(scene.volumes().directories());
        all.put(name, path);
        return new io.openedge.engine.Volumes(scene.work(), all);
    }

    @Test
    public void whereItCannotBeEnforcedTheServiceRunsAllTheSame() throws Exception {
        Map<String, Path> fewer = new HashMap<>(Tools.ofHost().found());
        fewer.remove("unshare");
        scene.with(new Tools(fewer, Tools.ofHost().root()));
        scene.volume("fixed");
        scene.script("p", "#!/bin/sh", "echo x >etc/openedge/word && echo wrote");
        ServiceHandle service = scene.open(scene.engine(), as("", new MountSpec("fixed", "etc/openedge", true)));

        assertThat(exit(service.start(instance("s", "s")))).isEqualTo(new Exit.Normal());
        assertThat(scene.log("s", "s")).isEqualTo("wrote\n");
    }

    /** The user must be able to come to the program: the folders of tests are the builder's alone. */
    private void letAllPass() throws Exception {
        Files.setPosixFilePermissions(scene.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path folder = scene.folder(); folder != null; folder = folder.getParent()) {
            assumeTrue(
                    "others may not enter " + folder,
                    Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE));
        }
    }
}
