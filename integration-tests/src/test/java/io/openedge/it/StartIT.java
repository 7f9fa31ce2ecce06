package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is in the way of a start is said in a sentence, by start and by run. */
public class StartIT {
    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");

    @Rule
    public final TemporaryFolder scratch =
            TemporaryFolder.builder().parentFolder(new File("/tmp")).build();

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private Path conf;

    @Before
    public void configuration() throws IOException {
        conf = gateway.work().resolve("etc/openedge/openedge.yml");
        Files.setPosixFilePermissions(scratch.getRoot().toPath(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    public void theAddressOfTheApiIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "tcp://127.0.0.1:" + taken.getLocalPort();
            gateway.edit(conf, text -> text.replace("unix://var/run/openedge/openedge.sock", address));
            assertThat(gateway.start().expect(1).err())
                    .isEqualTo("openedge: the gateway ended with exit code 1: the API cannot be served: " + address
                            + ": Address already in use\n");
            assertThat(run(List.of(), gateway.work()).expect(1).err())
                    .contains("openedge: the API cannot be served: " + address + ": Address already in use\n");
        }
    }

    @Test
    public void thePortOfTheHubIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(gateway.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThat(gateway.start().expect(3).err())
                    .contains("instance localhub is restarting: ", String.valueOf(gateway.port()), "already in use");
        }
        gateway.awaitState("localhub", "running");
    }

    @Test
    public void theFolderOfTheSocketIsMadeOrSaid() throws Exception {
        Path socket = scratch.getRoot().toPath().resolve("a/b/api.sock");
        gateway.edit(conf, text -> text.replace("unix://var/run/openedge/openedge.sock", "unix://" + socket));
        gateway.start().expect(0);
        assertThat(socket).exists();
        gateway.stop().expect(0);

        Path file = scratch.newFile("file").toPath();
        gateway.edit(conf, text -> text.replace(socket.toString(), file + "/api.sock"));
        assertThat(gateway.start().expect(1).err())
                .contains("the folder for " + file + "/api.sock cannot be made: " + file)
                .doesNotContain("Exception");
    }

    @Test
    public void theDiskIsFull() throws Exception {
        requireRoot("mounts a small disk");
        Path disk = scratch.newFolder("disk").toPath();
        done("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
        try {
            done("cp", "-R", gateway.work() + "/.", disk.toString());
            done("sh", "-c", "dd if=/dev/zero of=" + disk + "/fill bs=1k 2>/dev/null; true");

            assertThat(openedge(List.of(), "start", disk).expect(1).err())
                    .contains("the disk is full", "No space left on device")
                    .hasLineCount(1);
            assertThat(run(List.of(), disk).expect(1).err())
                    .contains("the disk that holds " + disk + "/var/cache is full");
            assertThat(openedge(List.of(), "check", disk).expect(1).out()).contains("FAIL disk            " + disk);
        } finally {
            done("umount", disk.toString());
        }
    }

    @Test
    public void theWorkDirectoryIsAnothers() throws Exception {
        requireRoot("becomes another user");
        Path work = scratch.newFolder("work").toPath();
        done("cp", "-R", gateway.work() + "/.", work.toString());
        done("chmod", "-R", "a+rX", work.toString());
        String trouble = work + "/var belongs to user root, and user nobody may not write to it; start as root";

        assertThat(openedge(NOBODY, "start", work).expect(1).err())
                .isEqualTo("openedge: " + trouble + " or give it away: chown\n");
        assertThat(openedge(NOBODY, "check", work).expect(1).out()).contains("FAIL folders         " + trouble);
        done("mkdir", "-p", work + "/var/cache/tmp", work + "/var/log/openedge");
        assertThat(run(NOBODY, work).expect(1).err())
                .isEqualTo("openedge: " + work
                        + "/var/cache belongs to user root, and user nobody may not write to it; start as root"
                        + " or give it away: chown\n");
    }

    @Test
    public void thePidFileAndTheFolderOfTheSocketAreAnothers() throws Exception {
        requireRoot("becomes another user");
        Path work = scratch.newFolder("work").toPath();
        Path closed = scratch.newFolder("closed").toPath();
        Path pidFile = Files.writeString(closed.resolve("gateway.pid"), "1\n");
        gateway.edit(conf, text -> text.replace("var/run/openedge/openedge.pid", pidFile.toString()));
        done("cp", "-R", gateway.work() + "/.", work.toString());
        done("chown", "-R", "65534:65534", work.toString());
        done("chmod", "755", closed.toString());
        String trouble = pidFile + " belongs to user root, and user nobody may not write to it";

        assertThat(openedge(NOBODY, "start", work).expect(1).err()).startsWith("openedge: " + trouble);
        assertThat(run(NOBODY, work).expect(1).err())
                .contains("the folders or the pid file of the gateway cannot be written: " + trouble);

        Path other = work.resolve("etc/openedge/openedge.yml");
        gateway.edit(
                other,
                text -> text.replace(pidFile.toString(), "var/run/openedge/openedge.pid")
                        .replace("unix://var/run/openedge/openedge.sock", "unix://" + closed + "/folder/api.sock"));
        assertThat(openedge(NOBODY, "start", work).expect(1).err())
                .contains("the folder for " + closed + "/folder/api.sock cannot be made: " + closed
                        + " belongs to user root");
    }

    @Test
    public void anOldPidFileNamesAStranger() throws Exception {
        Path pidFile = gateway.work().resolve("var/run/openedge/openedge.pid");
        Files.createDirectories(pidFile.getParent());
        long stranger = ProcessHandle.current().pid();
        Files.writeString(pidFile, stranger + "\n");

        assertThat(openedge(List.of(), "check", gateway.work()).out())
                .contains("warn gateway         " + pidFile + " names process " + stranger);
        assertThat(gateway.start().expect(0).err())
                .contains("the old pid file " + pidFile + " names process " + stranger + ", which is not the gateway");
        assertThat(gateway.pid()).isPresent().get().isNotEqualTo(stranger);
    }

    @Test
    public void theClockWasNeverSet() throws Exception {
        List<String> then = List.of("faketime", "-m", "1970-01-02 00:00:00");

        assertThat(openedge(then, "check", gateway.work()).expect(1).out())
                .contains("FAIL clock           the clock says 1970-01-0");
        assertThat(openedge(then, "start", gateway.work()).expect(0).err())
                .contains("the clock says 1970-01-0", "it was never set");
        assertThat(gateway.logs()).contains("the clock says 1970-01-0");
        gateway.awaitState("localhub", "running");
    }

    private void requireRoot(String because) {
        assumeTrue("only root " + because, System.getProperty("user.name").equals("root"));
    }

    private Outcome run(List<String> prefix, Path work) throws IOException, InterruptedException {
        return openedge(prefix, "run", work);
    }

    /** From a copy that everybody may read when it is for another user: the checkout may be closed to others. */
    private Outcome openedge(List<String> prefix, String verb, Path work) throws IOException, InterruptedException {
        Path home = Distribution.home();
        if (prefix.equals(NOBODY)) {
            home = scratch.getRoot().toPath().resolve("home");
            if (!Files.exists(home)) {
                done("cp", "-R", Distribution.home().toString(), home.toString());
                done("chmod", "-R", "a+rX", home.toString());
            }
        }
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(home.resolve("bin/openedge").toString(), verb, "-w", work.toString()));
        return Outcome.of(new ProcessBuilder(line), scratch.getRoot().toPath());
    }

    private void done(String... line) throws IOException, InterruptedException {
        Outcome.of(new ProcessBuilder(line), scratch.getRoot().toPath()).expect(0);
    }
}
