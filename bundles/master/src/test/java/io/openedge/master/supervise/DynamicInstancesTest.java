package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static io.openedge.master.supervise.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.engine.Exit;
import io.openedge.system.GatewayException;
import io.openedge.system.InstanceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.Rule;
import org.junit.Test;

/** Instances that are started and stopped through the API. */
public class DynamicInstancesTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 50;

    @Rule
    public final Fixture gateway = new Fixture();

    @Test
    public void aStartAnswersTheAddressOnceTheInstanceWorks() throws Exception {
        gateway.engine.slow.add("f.1");
        gateway.run(service("function", 0));

        CompletableFuture<String> answer = start("f.1");
        FakeEngine.Run run = gateway.awaitRun("f.1", 1);
        assertThat(answer).isNotDone();
        run.running.complete(null);

        assertThat(get(answer)).isEqualTo("fake:f.1");
        assertThat(run.spec.dynamic()).isTrue();
        gateway.awaitState("f.1", InstanceState.RUNNING);
    }

    @Test
    public void startingWhatRunsStopsItFirst() throws Exception {
        gateway.run(service("function", 0));
        get(start("f.1"));
        get(start("f.1"));

        assertThat(gateway.engine.runsOf("f.1")).hasSize(2);
        assertThat(gateway.engine.runsOf("f.1").get(0).stops).isEqualTo(1);
        assertThat(gateway.engine.mostAtOnce).hasValue(1);
    }

    @Test
    public void aFirstRunThatFailsIsTheAnswerAndLeavesNothing() throws Exception {
        gateway.engine.broken.add("f.1");
        gateway.run(service("function", 0));

        assertThatThrownBy(() -> get(start("f.1")))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("f.1")
                .hasMessageContaining("exit code 3");
        assertThat(gateway.status("f.1")).isEmpty();

        gateway.engine.broken.clear();
        assertThat(get(start("f.1"))).isEqualTo("fake:f.1");
    }

    @Test
    public void aServiceThatCannotBeOpenedAnswersWhy() {
        gateway.engine.openFailures.put("function", "no such package");
        gateway.run(service("function", 0));

        assertThatThrownBy(() -> get(start("f.1"))).hasMessageContaining("no such package");
        assertThat(gateway.status("f.1")).isEmpty();
        until(() -> gateway.supervisor.errors().toString().contains("service 'function': no such package"));
    }

    @Test
    public void oneThatCrashesLaterIsRestartedInPlace() throws Exception {
        gateway.run(service("function", 0));
        get(start("f.1"));

        gateway.awaitRun("f.1", 1).end(new Exit.Signal(11));
        gateway.awaitState("f.1", InstanceState.RESTARTING);
        gateway.time.pass(Duration.ofSeconds(1));

        gateway.awaitState("f.1", InstanceState.RUNNING);
        assertThat(gateway.engine.runsOf("f.1")).hasSize(2);
    }

    @Test
    public void aStopOfWhatIsNotThereIsFine() throws Exception {
        gateway.run(service("function", 0));
        get(start("f.1"));

        get(gateway.supervisor.stopInstance("function", "nobody").toCompletableFuture());
        get(stop("f.1"));

        assertThat(gateway.engine.alive("f.1")).isZero();
        assertThat(gateway.status("f.1")).isEmpty();
    }

    @Test
    public void aStopEndsAStartThatStillWaits() {
        gateway.engine.slow.add("f.1");
        gateway.run(service("function", 0));
        CompletableFuture<String> answer = start("f.1");
        gateway.awaitRun("f.1", 1);

        CompletableFuture<Void> stopped = stop("f.1");

        assertThatThrownBy(() -> get(answer)).hasMessageContaining("stopped before it worked");
        assertThat(stopped).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(gateway.engine.alive("f.1")).isZero();
    }

    @Test
    public void twoServicesNeverHaveAnInstanceOfOneName() throws Exception {
        gateway.run(service("hub", 1), service("function", 0));
        gateway.awaitState("hub", InstanceState.RUNNING);

        assertThatThrownBy(() -> get(start("hub"))).hasMessageContaining("is an instance of service 'hub'");
        assertThatThrownBy(() -> get(start("../hub"))).hasMessageContaining("no name of an instance");
        assertThatThrownBy(() -> gateway.supervisor.startInstance("nobody", "x", Map.of()))
                .hasMessageContaining("there is no service 'nobody'");
    }

    @Test
    public void whatCannotBeAVariableIsAnAnswerAndLeavesNothing() {
        gateway.run(service("function", 0));

        assertThatThrownBy(() -> get(gateway.supervisor
                        .startInstance("function", "f.1", Map.of("A=B", "x"))
                        .toCompletableFuture()))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("A=B");
        assertThat(gateway.status("f.1")).isEmpty();
    }

    @Test
    public void aStartThatWaitsForAnEngineIsAnsweredWhenItComes() throws Exception {
        gateway.runWithoutEngine(service("function", 0));
        CompletableFuture<String> answer = start("f.1");
        gateway.awaitState("f.1", InstanceState.PENDING);

        gateway.engines.add("fake", gateway.engine);

        assertThat(get(answer)).isEqualTo("fake:f.1");
    }

    @Test
    public void callsBeyondABoundAreRefused() throws Exception {
        gateway.engine.stopLatches.put("f.1", new CountDownLatch(1));
        gateway.run(service("function", 0));
        get(start("f.1"));

        assertThatThrownBy(() -> {
                    for (int call = 0; call <= 1000; call++) {
                        stop("f.1");
                    }
                })
                .hasMessageContaining("too many calls");
        gateway.engine.stopLatches.get("f.1").countDown();
        until(() -> gateway.status("f.1").isEmpty());
    }

    @Test
    public void aReplicaIsStoppedOnRequestAndComesBackAsItWas() throws Exception {
        gateway.run(service("hub", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);

        get(gateway.supervisor.stopInstance("hub", "hub").toCompletableFuture());
        assertThat(gateway.awaitState("hub", InstanceState.STOPPED).reason()).isEqualTo("stopped on request");

        get(gateway.supervisor.startInstance("hub", "hub", Map.of()).toCompletableFuture());
        gateway.awaitState("hub", InstanceState.RUNNING);
        FakeEngine.Run run = gateway.awaitRun("hub", 2);
        assertThat(run.spec.dynamic()).isFalse();
        assertThat(run.spec.environment()).containsEntry("OPENEDGE_SERVICE_TOKEN", "secret-hub");
    }

    @Test
    public void aStormOfStartsAndStopsNeverMakesTwo() throws Exception {
        gateway.run(service("function", 0));
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int number = caller;
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int call = 0; call < CALLS; call++) {
                    CompletableFuture<?> answer = (number + call) % 3 == 0 ? stop("f.1") : start("f.1");
                    synchronized (answers) {
                        answers.add(answer);
                    }
                }
            });
            thread.start();
            callers.add(thread);
        }
        until(() -> gateway.supervisor.settled());
        go.countDown();
        for (Thread thread : callers) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }

        until(() -> answers.stream().allMatch(CompletableFuture::isDone));
        assertThat(answers).hasSize(CALLERS * CALLS);
        assertThat(gateway.engine.mostAtOnce).hasValue(1);
        get(start("f.1"));
        assertThat(gateway.engine.alive("f.1")).isEqualTo(1);
        get(stop("f.1"));
        assertThat(gateway.engine.alive("f.1")).isZero();
        assertThat(gateway.status("f.1")).isEqualTo(Optional.empty());
    }

    private CompletableFuture<String> start(String instance) {
        return gateway.supervisor
                .startInstance("function", instance, Map.of("KEY", "value"))
                .toCompletableFuture();
    }

    private CompletableFuture<Void> stop(String instance) {
        return gateway.supervisor.stopInstance("function", instance).toCompletableFuture();
    }

    private static <T> T get(CompletableFuture<T> answer) throws Exception {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GatewayException refused) {
                throw refused;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
