package io.openedge.engine.docker;

import static io.openedge.engine.docker.LiveEngine.code;
import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.app.Privileges;
import io.openedge.engine.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What the engine does for the images of modules: they are held tightly, and say when they work. */
public class ModuleImageTest {
    private static final String WORKS = ": >$OPENEDGE_READY_FILE; ";

    @Rule
    public final LiveEngine live = new LiveEngine();

    @Test
    public void aModuleRunsAsTheGatewayWithNoRightsAndAReadOnlyRoot() throws Exception {
        live.running(module("tight"), instance("tight", WORKS + Docker.RUN));

        String process = live.docker.run("exec", "tight", "cat", "/proc/1/status");
        assertThat(process)
                .contains(
                        "Uid:\t" + Owner.ofGateway().user() + "\t",
                        "Gid:\t" + Owner.ofGateway().group() + "\t")
                .contains("NoNewPrivs:\t1")
                .contains("CapEff:\t0000000000000002"); // root's files of others; another user has none at all
        assertThat(live.docker.attempt("exec", "tight", "touch", "/root/x").text())
                .contains("Read-only file system");
        live.docker.run("exec", "tight", "touch", "/tmp/x", "/var/log/openedge/x", "/var/db/openedge/x");
    }

    @Test
    public void aServiceCanNameAnotherUserAndMoreRights() throws Exception {
        live.running(
                module("named").user("app").privileges(new Privileges(List.of("NET_ADMIN"), false)),
                instance("named", WORKS + Docker.RUN));

        assertThat(live.docker.run("exec", "named", "cat", "/proc/1/status"))
                .contains("Uid:\t1234\t", "CapEff:\t0000000000000000", "CapBnd:\t0000000000001000");
    }

    @Test
    public void whatACrashedModuleWroteIsStillThere() throws Exception {
        Instance first = live.start(
                module("data"),
                instance("data", "test -e /var/db/openedge/x && exit 42; touch /var/db/openedge/x; exit 1"));
        assertThat(LiveEngine.exit(first)).matches(code(1));

        assertThat(LiveEngine.exit(first.restart())).matches(code(42));
    }

    @Test
    public void aModuleWorksWhenItSaysSoInEachOfItsRuns() throws Exception {
        String script =
                "test -e $OPENEDGE_READY_FILE && exit 9; until rm /var/db/openedge/go; do sleep 0.1; done 2>&1; ";
        Instance first = live.start(module("slow"), instance("slow", script + WORKS + Docker.RUN));
        worksWhenTold(first);

        live.docker.run("kill", "slow");
        LiveEngine.exit(first);
        Instance second = first.restart();
        worksWhenTold(second);

        Path sign = live.work().resolve("var/run/openedge/containers/slow");
        assertThat(sign).isDirectory();
        second.stop(Services.GRACE);
        assertThat(sign).doesNotExist();
    }

    private void worksWhenTold(Instance instance) throws Exception {
        await().untilAsserted(() -> live.docker.run("exec", "slow", "true"));
        assertThat(instance.running().toCompletableFuture()).isNotDone();
        live.docker.run("exec", "slow", "touch", "/var/db/openedge/go");
        LiveEngine.running(instance);
    }

    @Test
    public void whatAKilledGatewayLeftSaysNothing() throws Exception {
        Path left = Files.createDirectories(live.work().resolve("var/run/openedge/containers/left"));
        Files.writeString(left.resolve("works"), "");

        DockerEngine next = live.begin();
        try {
            assertThat(left).doesNotExist();
        } finally {
            next.close();
        }
    }

    private static Services module(String name) {
        return Services.named(name).image(Docker.MODULE);
    }
}
