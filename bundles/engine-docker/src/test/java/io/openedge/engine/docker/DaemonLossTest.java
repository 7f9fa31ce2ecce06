package io.openedge.engine.docker;

import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The daemon goes and comes again; the engine lives, and what it runs comes again too. */
public class DaemonLossTest {
    @Rule
    public final PrivateDaemon daemon = new PrivateDaemon();

    @Rule
    public final TemporaryFolder work = new TemporaryFolder();

    private DockerEngine engine;

    @Before
    public void begin() {
        engine = new DockerEngine(work.getRoot().toPath(), daemon.docker().environment());
    }

    @After
    public void end() {
        engine.close();
    }

    @Test
    public void aServiceThatStartsWithoutADaemonWaitsForIt() throws Exception {
        daemon.terminate();
        assertThat(engine.prepare(List.of(Services.named("early").spec()), volumes(), (service, what) -> {}))
                .isEmpty();
        Instance early = start("early", Docker.RUN);
        await().untilAsserted(() -> assertThat(early.waitingFor().orElse(""))
                .startsWith("the Docker daemon at " + daemon.docker().host() + " is not reached: "));

        daemon.begin();

        LiveEngine.running(early);
        assertThat(early.waitingFor()).isEmpty();
    }

    /** Loop: {@code -Dopenedge.rounds=N} times, by turns with a good word and with a kill. */
    @Test
    public void whatRanComesBackInItsContainer() throws Exception {
        int rounds = Integer.getInteger("openedge.rounds", 2);
        Instance instance = LiveEngine.running(start("back", "date >> /starts; " + Docker.RUN));
        String container = daemon.docker().inspect("back", ".Id");
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                daemon.terminate();
            } else {
                daemon.kill();
            }
            assertThat(LiveEngine.exit(instance)).as("round %d", round).isInstanceOf(Exit.Gone.class);
            Instance next = instance.restart();
            await().until(() -> next.waitingFor().isPresent());

            daemon.begin();

            instance = LiveEngine.running(next);
            assertThat(daemon.docker().inspect("back", ".Id")).isEqualTo(container);
            assertThat(daemon.docker().run("exec", "back", "wc", "-l", "/starts"))
                    .startsWith(String.valueOf(round + 2));
        }
    }

    @Test
    public void whatIsStoppedWhileTheDaemonIsAwayGoesWhenItIsBack() throws Exception {
        Instance instance = LiveEngine.running(start("gone", Docker.RUN));
        daemon.kill();
        LiveEngine.exit(instance);
        Instance next = instance.restart();

        next.stop(Duration.ofSeconds(1));

        assertThat(LiveEngine.exit(next)).isEqualTo(new Exit.Normal());
        daemon.begin();
        await().atMost(Duration.ofSeconds(30)).until(() -> !daemon.docker().has("gone"));
    }

    @Test
    public void aNewInstanceTakesTheNameOfOneThatCouldNotBeStopped() throws Exception {
        Instance instance = LiveEngine.running(start("name", Docker.RUN));
        String before = daemon.docker().inspect("name", ".Id");
        daemon.kill();
        LiveEngine.exit(instance);
        instance.stop(Duration.ofSeconds(1));
        engine.open(Services.named("other").spec(), volumes()).close();
        Instance next = engine.open(Services.named("name2").spec(), volumes()).start(instance("name", Docker.RUN));

        daemon.begin();

        LiveEngine.running(next);
        assertThat(daemon.docker().inspect("name", ".Id")).isNotEqualTo(before);
    }

    @Test
    public void aDaemonThatHangsIsAwayAndItsContainersAreTakenAsTheyAre() throws Exception {
        Instance instance = LiveEngine.running(start("hang", Docker.RUN));
        String pid = daemon.docker().inspect("hang", ".State.Pid");
        daemon.signal("STOP");
        try {
            assertThat(LiveEngine.exit(instance)).isInstanceOf(Exit.Gone.class);
            Instance next = instance.restart();
            await().until(() -> next.waitingFor().orElse("").contains("no answer within"));
            daemon.signal("CONT");
            LiveEngine.running(next);
        } finally {
            daemon.signal("CONT");
        }
        assertThat(daemon.docker().inspect("hang", ".State.Pid")).isEqualTo(pid);
    }

    @Test
    public void anAddressThatIsNoneIsTheReason() throws Exception {
        DockerEngine lost = new DockerEngine(work.newFolder().toPath(), Map.of("DOCKER_HOST", "ssh://somewhere"));
        try {
            Instance instance =
                    lost.open(Services.named("lost").spec(), volumes()).start(instance("lost", Docker.RUN));
            await().untilAsserted(
                            () -> assertThat(instance.waitingFor())
                                    .contains(
                                            "DOCKER_HOST: 'ssh://somewhere' is not allowed here; allowed: unix:///PATH, tcp://HOST:PORT"));
        } finally {
            lost.close();
        }
    }

    private Instance start(String name, String script) throws Exception {
        return engine.open(Services.named(name).spec(), volumes()).start(instance(name, script));
    }

    private Volumes volumes() {
        return new Volumes(work.getRoot().toPath(), Map.of());
    }
}
