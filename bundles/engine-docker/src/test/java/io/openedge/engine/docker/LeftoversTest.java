package io.openedge.engine.docker;

import static io.openedge.engine.docker.Services.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Instance;
import io.openedge.engine.InstanceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** What a gateway leaves when it is killed goes; what is not its own stays. */
public class LeftoversTest {
    @Rule
    public final LiveEngine live = new LiveEngine();

    private final List<String> strangers = new ArrayList<>();

    @After
    public void removeStrangers() throws Exception {
        for (String stranger : strangers) {
            live.docker.attempt("rm", "-f", stranger);
        }
    }

    @Test
    public void aStrangerKeepsItsName() throws Exception {
        String id = stranger("hub");

        Instance ours = live.start(Services.named("hub"), instance("hub", Docker.RUN));

        assertThat(LiveEngine.exit(ours).reason()).contains("the name 'hub' is taken by a container", id);
        assertThat(live.docker.inspect("hub", ".State.Running")).isEqualTo("true");
    }

    @Test
    public void aStrangerWithALongerNameIsLeftAlone() throws Exception {
        stranger("relt-hub-prod");
        Instance ours = live.running(Services.named("hub"), instance("hub", Docker.RUN));
        InstanceRecord record = ours.record();

        live.engine().reclaim(List.of(record));

        assertThat(live.docker.has("hub")).isFalse();
        assertThat(live.docker.inspect("relt-hub-prod", ".State.Running")).isEqualTo("true");
    }

    @Test
    public void aRecordCountsOnlyWithOurLabels() throws Exception {
        String stranger = stranger("hub");
        String other = stranger("other", "--label", "openedge=openedge", "--label", "service=other");

        live.engine()
                .reclaim(List.of(
                        record("hub", stranger), record("hub", other), record("hub", "hub"), record("hub", "")));

        assertThat(live.docker.has(stranger)).isTrue();
        assertThat(live.docker.has(other)).isTrue();
    }

    @Test
    public void aContainerOfAnOldReleaseIsFoundByItsRecord() throws Exception {
        String old = stranger("old", "--label", "openedge=openedge", "--label", "service=old");

        live.engine().reclaim(List.of(record("old", old)));

        assertThat(live.docker.has(old)).isFalse();
    }

    @Test
    public void aContainerOfAnotherGatewayIsNeverOurs() throws Exception {
        String other = stranger(
                "hub",
                "--label",
                "openedge=openedge",
                "--label",
                "service=hub",
                "--label",
                "io.openedge.gateway=other");

        live.engine().reclaim(List.of(record("hub", other)));
        Instance ours = live.start(Services.named("hub"), instance("hub", Docker.RUN));

        assertThat(LiveEngine.exit(ours).reason()).contains("is not this gateway's");
        assertThat(live.docker.has(other)).isTrue();
    }

    /** Loop: {@code -Dopenedge.rounds=200} containers. Killed means: nobody tells the engine to stop anything. */
    @Test
    public void whatAKilledGatewayLeftIsGoneWhenTheNextOneRuns() throws Exception {
        int count = Integer.getInteger("openedge.rounds", 5);
        stranger("relt-hub-prod");
        List<Instance> left = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            left.add(live.start(Services.named("left" + n), instance("left" + n, Docker.RUN)));
        }
        left.forEach(LiveEngine::running);

        DockerEngine next = live.begin();
        try {
            next.reclaim(left.stream().map(Instance::record).toList());
            Instance again = LiveEngine.running(
                    next.open(Services.named("left0").spec(), live.volumes()).start(instance("left0", Docker.RUN)));
            for (int n = 1; n < count; n++) {
                String name = "left" + n;
                await().atMost(Duration.ofSeconds(60)).until(() -> !live.docker.has(name));
            }
            assertThat(live.docker.inspect("left0", ".State.Running")).isEqualTo("true");
            assertThat(live.docker.inspect("relt-hub-prod", ".State.Running")).isEqualTo("true");
            again.stop(Services.GRACE);
        } finally {
            next.close();
        }
    }

    @Test
    public void whatWasNeverRecordedGoesByItsLabels() throws Exception {
        String left = stranger(
                "unrecorded",
                "--label",
                "openedge=openedge",
                "--label",
                "service=unrecorded",
                "--label",
                "io.openedge.gateway=" + live.identity().gateway());

        DockerEngine next = live.begin();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> !live.docker.has(left));
        } finally {
            next.close();
        }
    }

    private static InstanceRecord record(String service, String id) {
        return new InstanceRecord(service, service, new InstanceRecord.Container(id, service), Instant.EPOCH, "");
    }

    private String stranger(String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
        command.addAll(List.of(options));
        command.addAll(List.of(Docker.IMAGE, Docker.RUN));
        String id = live.docker.run(command.toArray(String[]::new));
        strangers.add(id);
        return id;
    }
}
