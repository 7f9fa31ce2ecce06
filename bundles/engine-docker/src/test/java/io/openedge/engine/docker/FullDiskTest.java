package io.openedge.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** There is no room for an image: the service says so, and has it once there is. */
public class FullDiskTest {
    private static final int MEGA = 1 << 20;
    private static final int LAYER = 8 * MEGA;

    @Rule
    public final PrivateDaemon daemon = PrivateDaemon.withDisk(64);

    @Rule
    public final TemporaryFolder work = new TemporaryFolder();

    private final Random random = new Random(1);
    private Registry registry;
    private DockerEngine engine;

    @Before
    public void begin() throws Exception {
        registry = new Registry(PrivateDaemon.THIS_HOST);
        engine = new DockerEngine(work.getRoot().toPath(), daemon.docker().environment());
    }

    @After
    public void end() {
        engine.close();
        registry.close();
    }

    /** Loop: {@code -Dopenedge.rounds=N} fill levels. */
    @Test
    public void anImageThatFindsNoRoomIsToldAndComesWhenThereIs() throws Exception {
        int rounds = Integer.getInteger("openedge.rounds", 3);
        Path filler = daemon.data().resolve("filler");
        for (int round = 0; round < rounds; round++) {
            registry.offer("large" + round, "1", layer());
            String image = registry.name("large" + round) + ":1";
            long room = (long) LAYER * round / rounds; // from nothing to nearly enough
            fill(filler, room);

            EngineException failure = prepare(image).get("s");
            assertThat(failure).as("round %d", round).isNotNull();
            assertThat(failure)
                    .hasMessageStartingWith("image '" + image + "' is not on this host and cannot be pulled: ")
                    .hasMessageContaining("no space left on device");
            assertThat(prepare(Docker.IMAGE)).as("one that is there").isEmpty();

            Files.delete(filler);
            assertThat(prepare(image)).as("round %d", round).isEmpty();
            assertThat(daemon.docker().run("image", "inspect", "-f", "{{.Size}}", image))
                    .isEqualTo(String.valueOf(LAYER));
            daemon.docker().run("rmi", image);
        }
    }

    private Map<String, EngineException> prepare(String image) throws InterruptedException {
        ServiceSpec service = Services.named("s").image(image).spec();
        return engine.prepare(List.of(service), new Volumes(work.getRoot().toPath(), Map.of()), (name, what) -> {});
    }

    /** Leaves so many bytes free. */
    private static void fill(Path filler, long room) throws IOException {
        FileStore store = Files.getFileStore(filler.getParent());
        byte[] block = new byte[MEGA / 16];
        try (var out = Files.newOutputStream(filler)) {
            while (store.getUsableSpace() > room) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(store.getUsableSpace()).isLessThan(MEGA);
        }
    }

    /** An archive of one file that does not shrink. */
    private byte[] layer() throws IOException, InterruptedException {
        byte[] content = new byte[LAYER];
        random.nextBytes(content);
        Path folder = work.newFolder().toPath();
        Files.write(folder.resolve("content"), content);
        Process tar = new ProcessBuilder("tar", "-C", folder.toString(), "-cf", "-", ".").start();
        byte[] archive = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor()).isZero();
        return archive;
    }
}
