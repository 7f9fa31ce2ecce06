package io.openedge.master.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.MountSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Where volumes are, and that they never lead out of the work directory. */
public class VolumeFoldersTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path work;
    private Path outside;

    @Before
    public void makeFolders() throws IOException {
        work = folder.newFolder("work").toPath();
        outside = folder.newFolder("outside").toPath();
    }

    @Test
    public void aMissingFolderIsMade() throws Exception {
        assertThat(resolve("var/db/openedge/data"))
                .isEqualTo(work.resolve("var/db/openedge/data"))
                .isDirectory();
    }

    @Test
    public void aLeadingSlashMeansTheWorkDirectory() throws Exception {
        assertThat(resolve("/data/x")).isEqualTo(work.resolve("data/x"));
    }

    @Test
    public void aPathThatClimbsOutIsRefused() {
        for (String path :
                List.of("..", "../outside", "var/../../outside", "/../outside", "a/../..", "../work-other")) {
            assertThatThrownBy(() -> resolve(path))
                    .as(path)
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("volume 'v'")
                    .hasMessageContaining("out of the work directory");
        }
    }

    @Test
    public void aLinkThatClimbsOutIsRefusedAndNothingIsMadeBehindIt() throws Exception {
        Files.createSymbolicLink(work.resolve("link"), outside);

        for (String path : List.of("link", "link/deep/er")) {
            assertThatThrownBy(() -> resolve(path)).as(path).hasMessageContaining("out of the work directory");
        }
        try (var files = Files.list(outside)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    public void aLinkInsideIsFine() throws Exception {
        Files.createDirectories(work.resolve("real"));
        Files.createSymbolicLink(work.resolve("link"), work.resolve("real"));

        assertThat(resolve("link/sub").toRealPath()).isEqualTo(work.toRealPath().resolve("real/sub"));
    }

    @Test
    public void theOperatorsSocketIsNeverMounted() throws Exception {
        Files.createDirectories(work.resolve("var/run/openedge"));
        Files.createSymbolicLink(work.resolve("link"), work.resolve("var/run"));
        assertThatThrownBy(() -> resolve("link/openedge")).hasMessageContaining("operator's socket");
        assertThatThrownBy(() -> resolve("link")).hasMessageContaining("operator's socket");
        assertThatThrownBy(() -> resolve("var/run/openedge")).hasMessageContaining("operator's socket");
        assertThatThrownBy(() -> resolve("/var")).hasMessageContaining("operator's socket");
    }

    private Path resolve(String path) throws EngineException {
        VolumeFolders volumes = new VolumeFolders(
                work, work.resolve("var/run/openedge/operator.sock"), List.of(new VolumeSpec("v", path, null)));
        MountSpec mount = new MountSpec("v", "etc/openedge", true);
        return volumes.of(List.of(mount)).of(mount);
    }
}
