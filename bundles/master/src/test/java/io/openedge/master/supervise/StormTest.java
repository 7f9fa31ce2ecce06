package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Exit;
import io.openedge.system.InstanceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Everything happens at once, in an order that nobody planned; afterwards everything is as it should be. */
public class StormTest {
    private static final int SEEDS = 5;
    private static final int STEPS = 300;

    @Rule
    public final Fixture gateway = new Fixture();

    @Test
    public void afterAStormEveryInstanceRunsOnceAndAfterTheStopNoneDoes() throws Exception {
        gateway.run(service("hub", 2), service("function", 1), service("bad", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);
        for (long seed = 0; seed < SEEDS; seed++) {
            storm(new Random(seed));
        }

        calm();
        for (String instance : List.of("hub", "hub.i1", "function", "bad")) {
            await().atMost(10, TimeUnit.SECONDS)
                    .pollInterval(2, TimeUnit.MILLISECONDS)
                    .untilAsserted(() -> {
                        pass(Duration.ofSeconds(20));
                        assertThat(gateway.status(instance).orElseThrow().status())
                                .as("%s waiting %s", gateway.status(instance), gateway.time.waiting())
                                .isEqualTo(InstanceState.RUNNING);
                    });
            assertThat(gateway.engine.alive(instance)).as(instance).isEqualTo(1);
        }
        assertThat(gateway.engine.mostAtOnce).hasValue(1);

        gateway.supervisor.stop().get(10, TimeUnit.SECONDS);
        assertThat(gateway.engine.alive()).isZero();
        assertThat(gateway.stats()).doesNotExist();
    }

    private void storm(Random random) {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0 -> gateway.engines.remove(gateway.engine);
                case 1 -> add();
                case 2 -> gateway.supervisor.startInstance("function", "f.1", Map.of("A", "b"));
                case 3 -> gateway.supervisor.stopInstance("function", "f.1");
                case 4 -> gateway.supervisor.restart("hub");
                case 5 -> gateway.supervisor.stopInstance("hub", "hub.i1");
                case 6 -> gateway.supervisor.startInstance("hub", "hub.i1", Map.of());
                case 7 -> crash(random, new Exit.Code(1));
                case 8 -> crash(random, new Exit.Gone("gone"));
                default -> {
                    toggle(random);
                    pass(Duration.ofSeconds(random.nextInt(4)));
                }
            }
        }
    }

    /** Not while something stops: that would be left behind, which is another story. */
    private void pass(Duration duration) {
        if (!gateway.time.waiting().contains(Fixture.GRACE.plusSeconds(5))) {
            gateway.time.pass(duration);
        }
    }

    private void crash(Random random, Exit exit) {
        List<FakeEngine.Run> runs = List.copyOf(gateway.engine.runs);
        if (!runs.isEmpty()) {
            runs.get(runs.size() - 1 - random.nextInt(Math.min(5, runs.size()))).end(exit);
        }
    }

    private void toggle(Random random) {
        if (random.nextBoolean()) {
            gateway.engine.openFailures.put("bad", "no folder");
        } else {
            gateway.engine.openFailures.clear();
        }
        if (random.nextBoolean()) {
            gateway.engine.startFailures.add("hub");
        } else {
            gateway.engine.startFailures.clear();
        }
    }

    private void add() {
        gateway.engines.remove(gateway.engine);
        gateway.engines.add("fake", gateway.engine);
    }

    private void calm() {
        gateway.engine.openFailures.clear();
        gateway.engine.startFailures.clear();
        add();
        gateway.supervisor.stopInstance("function", "f.1");
        gateway.supervisor.startInstance("hub", "hub.i1", Map.of());
    }
}
