package io.openedge.engine.process;

import static io.openedge.engine.process.Scene.LIMIT;
import static io.openedge.engine.process.Scene.awaitRunning;
import static io.openedge.engine.process.Scene.instance;
import static io.openedge.engine.process.Scene.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.directory.OutputLog;
import io.openedge.engine.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** What a process prints is kept, as much as there is room for, and holds nobody up. */
public class OutputTest {
    @Rule
    public final Scene scene = new Scene();

    @Test
    public void aProgramThatPrintsWithoutEndIsNeitherHeldUpNorKept() throws Exception {
        scene.script("chatter", "#!/bin/sh", "(sleep 0.5; echo >var/db/openedge/later) &", "exec yes");
        Instance run = scene.open(scene.engine(), service("c", "chatter")).start(instance("c", "c"));
        awaitRunning(run);

        await("it goes on")
                .atMost(LIMIT)
                .until(() -> Files.exists(scene.directory("c").resolve("var/db/openedge/later")));
        Path folder = scene.work().resolve("var/log/openedge/services/c");
        await("it has rolled over")
                .atMost(LIMIT)
                .until(() -> Scene.files(folder).size() == OutputLog.MOST_PARTS);
        run.stop(Duration.ofSeconds(5));

        long all = 0;
        for (String name : Scene.files(folder)) {
            all += Files.size(folder.resolve(name));
        }
        assertThat(all).isLessThanOrEqualTo(OutputLog.MOST_PARTS * (OutputLog.MOST_BYTES + 8192));
    }
}
