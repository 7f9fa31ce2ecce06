package io.openedge.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Removing a folder of the engine's own stops at every mount. */
public class OwnTreeTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private Path live;

    @Before
    public void makeFolders() throws IOException {
        root = folder.newFolder("root").toPath().toRealPath();
        live = folder.newFolder("live").toPath();
        Files.writeString(live.resolve("kept"), "kept");
        Files.createDirectories(root.resolve("a b/mounted"));
        Files.writeString(root.resolve("a b/own"), "own");
    }

    @Test
    public void whatWasNeverThereIsRemovedAlready() throws Exception {
        new OwnTree().delete(folder.getRoot().toPath().resolve("services/hub"));
    }

    @Test
    public void aFolderGoesWithAllThatIsInIt() throws Exception {
        Files.createSymbolicLink(root.resolve("a b/link"), live);

        new OwnTree().delete(root);
        new OwnTree().delete(root);

        assertThat(root).doesNotExist();
        assertThat(live.resolve("kept")).hasContent("kept");
    }

    @Test
    public void aLinkInPlaceOfTheFolderIsRemovedAsALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.getRoot().toPath().resolve("link"), live);

        new OwnTree().delete(link);

        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(live.resolve("kept")).hasContent("kept");
    }

    @Test
    public void nothingIsRemovedWhileTheKernelListsAMountInside() throws Exception {
        Path list = folder.newFile("mountinfo").toPath();
        String point = root.resolve("a b/mounted").toString().replace(" ", "\\040");
        Files.writeString(
                list,
                "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + "99 22 8:1 /live " + point + " rw - ext4 /dev/sda1 rw\n");

        assertThatThrownBy(() -> new OwnTree(list).delete(root)).hasMessageContaining("a b/mounted");

        assertThat(root.resolve("a b/own")).exists();
        Files.writeString(list, "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        new OwnTree(list).delete(root);
        assertThat(root).doesNotExist();
    }

    @Test
    public void aLiveBindMountKeepsItsContent() throws Exception {
        Path point = root.resolve("a b/mounted");
        assumeTrue("bind mounts need rights", run("mount", "--bind", live.toString(), point.toString()));
        try {
            assertThatThrownBy(() -> new OwnTree().delete(root)).hasMessageContaining("unmount it");
            assertThat(live.resolve("kept")).hasContent("kept");
        } finally {
            assertThat(run("umount", point.toString())).isTrue();
        }
        new OwnTree().delete(root);
        assertThat(root).doesNotExist();
        assertThat(live.resolve("kept")).hasContent("kept");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
