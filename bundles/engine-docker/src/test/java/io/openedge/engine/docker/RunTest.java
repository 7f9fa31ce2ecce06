package io.openedge.engine.docker;

import static io.openedge.engine.docker.LiveEngine.code;
import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.app.ByteSize;
import io.openedge.app.Resources;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import io.openedge.engine.ServiceHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** How an instance starts, ends and starts again. */
public class RunTest {
    @Rule
    public final LiveEngine live = new LiveEngine();

    @Test
    public void anEndIsToldAsWhatItWas() throws Exception {
        assertThat(end("well", "exit 0")).isEqualTo(new Exit.Normal());
        assertThat(end("code", "exit 3")).isEqualTo(new Exit.Code(3));
        assertThat(end("words", "echo first; echo the reason >&2; exit 4")).isEqualTo(new Exit.Code(4, "the reason"));
        assertThat(end("signal", "sleep 1000 & kill -9 $!; wait $!")).isEqualTo(new Exit.Signal(9));
    }

    @Test
    public void aContainerThatNeedsTooMuchMemoryIsToldSo() throws Exception {
        Instance greedy = live.start(
                Services.named("greedy")
                        .resources(new Resources(
                                null, new Resources.Memory(new ByteSize(16 << 20), new ByteSize(16 << 20)), null)),
                instance("greedy", "tail -c 200000000 /dev/zero"));

        assertThat(LiveEngine.exit(greedy)).isEqualTo(new Exit.OutOfMemory());
    }

    @Test
    public void aCrashedInstanceFindsWhatItWrote() throws Exception {
        Instance first =
                live.start(Services.named("crash"), instance("crash", "test -e /x && exit 42; touch /x; exit 1"));
        assertThat(LiveEngine.exit(first)).matches(code(1));
        String container = live.docker.inspect("crash", ".Id");

        Instance second = first.restart();

        assertThat(LiveEngine.exit(second)).matches(code(42));
        assertThat(live.docker.inspect("crash", ".Id")).isEqualTo(container);
        second.stop(Services.GRACE);
        assertThat(live.docker.has("crash")).isFalse();
    }

    @Test
    public void aContainerThatWasRemovedIsMadeAnew() throws Exception {
        Instance first = live.running(Services.named("removed"), instance("removed", Docker.RUN));
        live.docker.run("rm", "-f", "removed");
        assertThat(LiveEngine.exit(first).failure()).isTrue();

        LiveEngine.running(first.restart());

        assertThat(live.docker.inspect("removed", ".State.Running")).isEqualTo("true");
    }

    @Test
    public void aStopLetsTheInstanceEndByItself() throws Exception {
        Instance polite = live.running(
                Services.named("polite"),
                instance("polite", "trap 'echo bye; exit 0' TERM; while true; do sleep 1000 & wait; done"));

        polite.stop(Services.GRACE);

        assertThat(LiveEngine.exit(polite)).isEqualTo(new Exit.Normal());
        assertThat(live.docker.has("polite")).isFalse();
        polite.stop(Services.GRACE);
    }

    @Test
    public void aStopKillsWhatDoesNotEnd() throws Exception {
        Instance deaf =
                live.running(Services.named("deaf"), instance("deaf", "trap '' TERM; while true; do sleep 1; done"));

        deaf.stop(Duration.ofSeconds(1));

        assertThat(LiveEngine.exit(deaf)).isEqualTo(new Exit.Normal());
        assertThat(live.docker.has("deaf")).isFalse();
    }

    @Test
    public void aStopDuringTheStartLeavesNothing() throws Exception {
        for (int round = 0; round < 10; round++) {
            Instance hasty = live.start(Services.named("hasty" + round), instance("hasty" + round, Docker.RUN));
            hasty.stop(Services.GRACE);
            assertThat(LiveEngine.exit(hasty)).isEqualTo(new Exit.Normal());
            assertThat(live.docker.has("hasty" + round)).isFalse();
        }
    }

    @Test
    public void anImageThatIsNotThereIsNamed() throws Exception {
        Instance instance =
                live.start(Services.named("none").image("127.0.0.1:1/none:1"), instance("none", Docker.RUN));

        assertThat(LiveEngine.exit(instance).reason())
                .startsWith("image '127.0.0.1:1/none:1' is not on this host and cannot be pulled: ");
    }

    @Test
    public void aStartThatFailsLeavesNoContainer() throws Exception {
        Instance instance =
                live.start(Services.named("broken").runtime("no-such-runtime"), instance("broken", Docker.RUN));

        assertThat(LiveEngine.exit(instance).reason()).contains("no-such-runtime");
        assertThat(live.docker.has("broken")).isFalse();
    }

    @Test
    public void commandsRunInside() throws Exception {
        Instance instance = live.running(Services.named("inside"), instance("inside", "echo here > /y; " + Docker.RUN));

        assertThat(instance.exec(List.of("grep", "here", "/y"), Duration.ofSeconds(20)))
                .isZero();
        assertThat(instance.exec(List.of("sh", "-c", "exit 4"), Duration.ofSeconds(20)))
                .isEqualTo(4);
        assertThat(instance.exec(List.of("no-such-program"), Duration.ofSeconds(20)))
                .isNotZero();
        assertThatThrownBy(() -> instance.exec(List.of("sleep", "777"), Duration.ofSeconds(1)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("takes longer than 1000 ms");
        await().untilAsserted(() ->
                assertThat(live.docker.run("exec", "inside", "ps")).doesNotContain("sleep 777"));
    }

    @Test
    public void whatAContainerWritesIsInALogOfItsOwn() throws Exception {
        Path log = live.work().resolve("var/log/openedge/services/writer/writer.log");
        Instance first = live.start(
                Services.named("writer"), instance("writer", "echo one; echo two >&2; printf three; exit 1"));

        LiveEngine.exit(first);

        await().untilAsserted(() ->
                assertThat(log).content().contains("one\n", "two\n").endsWith("three"));
        assertThat(log).content().hasSize("one\ntwo\nthree".length());

        LiveEngine.exit(first.restart());

        await().untilAsserted(() -> assertThat(log).content().hasSize(2 * "one\ntwo\nthree".length()));
    }

    @Test
    public void aLongLineIsInTheLogAsOne() throws Exception {
        Instance writer = live.start(
                Services.named("writer"),
                instance("writer", "head -c 50000 /dev/zero | tr '\\0' x; echo; echo the end; exit 1"));

        assertThat(LiveEngine.exit(writer)).isEqualTo(new Exit.Code(1, "the end"));

        assertThat(live.work().resolve("var/log/openedge/services/writer/writer.log"))
                .hasContent("x".repeat(50000) + "\nthe end\n");
    }

    @Test
    public void whatAContainerUsesIsKnown() throws Exception {
        Instance busy = live.running(
                Services.named("busy")
                        .resources(new Resources(null, new Resources.Memory(new ByteSize(64 << 20), null), null)),
                instance("busy", "trap 'exit 0' TERM; while true; do :; done"));
        Instance frozen = live.running(Services.named("frozen"), instance("frozen", Docker.RUN));
        live.docker.run("pause", "frozen");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(busy.stats().cpu().usedPercent()).isGreaterThan(1);
            assertThat(busy.stats().mem().used()).isPositive();
            assertThat(busy.stats().mem().total()).isEqualTo(64 << 20);
            assertThat(frozen.stats().mem().used()).isPositive();
        });
    }

    @Test
    public void anInstanceOfAnEngineThatHasJustBegunDoesNotWaitForADaemonThatIsThere() throws Exception {
        DockerEngine fresh = live.begin();
        try {
            Instance instance =
                    fresh.open(Services.named("fresh").spec(), live.volumes()).start(instance("fresh", Docker.RUN));

            assertThat(instance.waitingFor()).isEmpty();
            LiveEngine.running(instance).stop(Services.GRACE);
        } finally {
            fresh.close();
        }
    }

    @Test
    public void theContainerIsOnRecord() throws Exception {
        Instance instance = live.running(Services.named("record"), instance("record", Docker.RUN));

        assertThat(instance.record().place())
                .isEqualTo(new InstanceRecord.Container(live.docker.inspect("record", ".Id"), "record"));
    }

    @Test
    public void aServiceOpensOnce() throws Exception {
        ServiceHandle handle = live.engine().open(Services.named("once").spec(), live.volumes());
        assertThatThrownBy(() -> live.engine().open(Services.named("once").spec(), live.volumes()))
                .hasMessage("service 'once' is open already");
        handle.close();
        live.engine().open(Services.named("once").spec(), live.volumes()).close();
    }

    /** Loop: {@code -Dopenedge.rounds=N} containers are killed from outside; each comes again. */
    @Test
    public void containersThatAreKilledComeAgain() throws Exception {
        int rounds = Integer.getInteger("openedge.rounds", 5);
        List<Instance> all = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            all.add(live.running(Services.named("victim" + n), instance("victim" + n, Docker.RUN)));
        }
        for (int round = 0; round < rounds; round++) {
            int n = round % all.size();
            live.docker.run("kill", "victim" + n);
            assertThat(LiveEngine.exit(all.get(n))).isEqualTo(new Exit.Signal(9));
            all.set(n, LiveEngine.running(all.get(n).restart()));
        }
        for (int n = 0; n < all.size(); n++) {
            assertThat(live.docker.inspect("victim" + n, ".State.Running")).isEqualTo("true");
        }
    }

    private Exit end(String name, String script) throws Exception {
        return LiveEngine.exit(live.start(Services.named(name), instance(name, script)));
    }
}
