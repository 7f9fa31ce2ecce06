package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static io.openedge.master.supervise.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.master.status.Reported;
import io.openedge.system.GatewayException;
import io.openedge.system.InstanceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.Rule;
import org.junit.Test;

/** What instances say of themselves. */
public class ReportTest {
    private static final int REPORTS = 2000;

    @Rule
    public final Fixture gateway = new Fixture();

    @Test
    public void reportsAndLooksAtTheSameTimeHarmNobody() throws Exception {
        gateway.run(service("hub", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int reporter = 0; reporter < 3; reporter++) {
            String key = "key" + reporter;
            threads.add(thread(failure, number -> report("hub", "hub", Map.of(key, number, "k" + number % 100, "x"))));
        }
        threads.add(thread(failure, number -> {
            Map<String, Object> reported = new HashMap<>();
            gateway.supervisor.services().get(0).instances().get(0).reported().forEach(reported::put);
        }));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }

        assertThat(failure.get()).isNull();
        Map<String, Object> last = gateway.status("hub").orElseThrow().reported();
        assertThat(last).hasSize(103).containsEntry("key0", REPORTS - 1).containsEntry("key2", REPORTS - 1);
    }

    @Test
    public void aReportForWhatIsNotThereIsRefused() {
        gateway.run(service("hub", 1));
        until(() -> gateway.status("hub").isPresent());

        assertThatThrownBy(() -> report("hub", "hub.i7", Map.of())).hasMessageContaining("no instance 'hub.i7'");
        assertThatThrownBy(() -> report("nobody", "nobody", Map.of()))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(GatewayException.Kind.NOT_FOUND));
    }

    @Test
    public void aReportIsCopiedAndBounded() {
        Map<String, Object> inner = new HashMap<>(Map.of("a", 1));
        inner.put("none", null);
        Map<String, Object> first = Reported.merge(Map.of(), Map.of("info", inner, "list", List.of(1, inner)));
        inner.put("a", 2);
        assertThat(first.toString()).doesNotContain("2");

        Map<String, Object> many = new HashMap<>();
        for (int key = 0; key < 201; key++) {
            many.put("key" + key, key);
        }
        assertThatThrownBy(() -> Reported.merge(first, many)).isInstanceOf(GatewayException.class);
        Map<String, Object> deep = Map.of();
        for (int level = 0; level < 40; level++) {
            deep = Map.of("next", deep);
        }
        Map<String, Object> tooDeep = deep;
        assertThatThrownBy(() -> Reported.merge(first, tooDeep)).isInstanceOf(GatewayException.class);
    }

    @Test
    public void anObjectOfAModuleBecomesText() {
        Object own = new Object() {
            @Override
            public String toString() {
                return "seven";
            }
        };

        Map<String, Object> reported = Reported.merge(
                Map.of(),
                Map.of("own", own, "list", List.of(own, 7L, true), "map", Map.of("k", new StringBuilder("v"))));

        assertThat(reported)
                .isEqualTo(Map.of("own", "seven", "list", List.of("seven", 7L, true), "map", Map.of("k", "v")));
    }

    @Test
    public void whatTheGatewaySaysOfAnInstanceIsLeftOut() {
        Map<String, Object> forged = new HashMap<>();
        for (String key : "name status reason start_time restarts process container cpu_stats mem_stats".split(" ")) {
            forged.put(key, Map.of("id", 1));
        }
        forged.put("own", 1);
        assertThat(Reported.merge(Map.of(), forged)).isEqualTo(Map.of("own", 1));
    }

    @Test
    public void whatAnInstanceReportsIsBoundedAltogether() {
        Map<String, Object> first = Reported.merge(Map.of(), Map.of("a", "x".repeat(200_000)));
        assertThatThrownBy(() -> Reported.merge(first, Map.of("b", List.of("x".repeat(100_000)))))
                .hasMessageContaining("characters");
        Reported.merge(first, Map.of("a", "x".repeat(100_000), "b", "x".repeat(100_000)));
    }

    private void report(String service, String instance, Map<String, Object> values) {
        gateway.supervisor.report(service, instance, before -> Reported.merge(before, values));
    }

    private static Thread thread(AtomicReference<Throwable> failure, IntConsumer work) {
        return new Thread(() -> {
            try {
                for (int number = 0; number < REPORTS; number++) {
                    work.accept(number);
                }
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
    }
}
