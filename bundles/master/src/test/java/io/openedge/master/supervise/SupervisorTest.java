package io.openedge.master.supervise;

import static io.openedge.master.supervise.Fixture.service;
import static io.openedge.master.supervise.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.RestartPolicy.Policy;
import io.openedge.engine.Exit;
import io.openedge.master.stats.StatsFile;
import io.openedge.system.InstanceState;
import io.openedge.system.InstanceStatus;
import io.openedge.system.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Services and instances as the master keeps them, with a fake engine in fake time. */
public class SupervisorTest {
    @Rule
    public final Fixture gateway = new Fixture();

    @Test
    public void replicasHaveTheirNamesAndTheServiceWithNoneOnlyOpens() {
        gateway.run(service("hub", 3), service("function", 0));

        gateway.awaitState("hub", InstanceState.RUNNING);
        gateway.awaitState("hub.i1", InstanceState.RUNNING);
        gateway.awaitState("hub.i2", InstanceState.RUNNING);
        until(() -> gateway.engine.opened.equals(List.of("hub", "function")));
        until(gateway.supervisor::settled);
        assertThat(gateway.supervisor.services())
                .extracting(ServiceStatus::name)
                .containsExactly("hub", "function");
        assertThat(gateway.engine.runs).hasSize(3);
    }

    @Test
    public void servicesAreOpenedInTheOrderOfTheFile() {
        gateway.run(service("c", 1), service("a", 1), service("b", 1));

        until(() -> gateway.engine.opened.size() == 3);
        assertThat(gateway.engine.opened).containsExactly("c", "a", "b");
    }

    @Test
    public void aServiceThatCannotBeOpenedStopsNoOtherAndIsTriedAgain() {
        gateway.engine.openFailures.put("bad", "no such folder");
        gateway.run(service("bad", 1), service("good", 1));

        gateway.awaitState("good", InstanceState.RUNNING);
        InstanceStatus bad = gateway.awaitState("bad", InstanceState.RESTARTING);
        assertThat(bad.reason()).isEqualTo("no such folder");
        assertThat(gateway.supervisor.settled()).isTrue();

        gateway.engine.openFailures.clear();
        gateway.time.pass(Duration.ofSeconds(1));
        gateway.awaitState("bad", InstanceState.RUNNING);
    }

    @Test
    public void aServiceWithoutRestartsThatCannotBeOpenedStaysFailed() {
        gateway.engine.openFailures.put("bad", "no such folder");
        gateway.run(service("bad", 1, Fixture.policy(Policy.NO, 0)));

        assertThat(gateway.awaitState("bad", InstanceState.FAILED).reason()).isEqualTo("no such folder");
    }

    @Test
    public void aStartThatThrowsIsAFailureOfThatInstanceOnly() {
        gateway.engine.startFailures.add("bad");
        gateway.run(service("bad", 1), service("good", 1));

        assertThat(gateway.awaitState("bad", InstanceState.RESTARTING).reason()).isEqualTo("cannot start");
        gateway.awaitState("good", InstanceState.RUNNING);

        gateway.engine.startFailures.clear();
        until(() -> gateway.time.waiting().contains(Duration.ofSeconds(1)));
        gateway.time.pass(Duration.ofSeconds(1));
        gateway.awaitState("bad", InstanceState.RUNNING);
    }

    @Test
    public void aServiceWhoseOpeningHangsHoldsUpTheNextForThreeSecondsOnly() {
        gateway.engine.openLatches.put("slow", new CountDownLatch(1));
        gateway.run(service("slow", 1), service("next", 1));

        until(() -> gateway.time.waiting().contains(Duration.ofSeconds(3)));
        assertThat(gateway.supervisor.settled()).isFalse();
        gateway.time.pass(Duration.ofSeconds(3));

        gateway.awaitState("next", InstanceState.RUNNING);
        assertThat(gateway.status("slow").orElseThrow().status()).isEqualTo(InstanceState.PENDING);
    }

    @Test
    public void servicesWaitForAnEngineThatComesLater() {
        gateway.runWithoutEngine(service("hub", 1));

        until(() -> gateway.status("hub").isPresent()
                && gateway.status("hub").get().reason().contains("engine 'fake' is not there yet"));
        assertThat(gateway.status("hub").orElseThrow().status()).isEqualTo(InstanceState.PENDING);
        assertThat(gateway.supervisor.settled()).isTrue();

        gateway.engines.add("fake", gateway.engine);
        gateway.awaitState("hub", InstanceState.RUNNING);
    }

    @Test
    public void instancesWaitWhileTheirEngineIsReplacedAndRunInTheNewOne() {
        gateway.run(service("hub", 1));
        gateway.awaitState("hub", InstanceState.RUNNING);

        gateway.engines.remove(gateway.engine);
        gateway.awaitState("hub", InstanceState.PENDING);
        until(() -> gateway.engine.closed.contains("hub"));
        assertThat(gateway.engine.alive("hub")).isZero();

        FakeEngine other = new FakeEngine();
        gateway.engines.add("fake", other);
        gateway.awaitState("hub", InstanceState.RUNNING);
        assertThat(other.runs).hasSize(1);
    }

    @Test
    public void anEngineThatCannotBeHadFailsItsServicesOnly() {
        gateway.engines.add("fake", gateway.engine);
        gateway.supervisor.start(gateway.plans(service("hub", 1)), engine -> Optional.of("no engine " + engine));

        assertThat(gateway.awaitState("hub", InstanceState.FAILED).reason()).isEqualTo("no engine fake");
        assertThat(gateway.supervisor.settled()).isTrue();
    }

    @Test
    public void aPendingInstanceSaysWhatItWaitsFor() {
        gateway.engine.slow.add("timer");
        gateway.run(service("timer", 1));

        FakeEngine.Run run = gateway.awaitRun("timer", 1);
        gateway.awaitState("timer", InstanceState.PENDING);
        assertThat(gateway.supervisor.settled()).isFalse();
        run.waitingFor = Optional.of("no bundle offers module 'timer'");
        until(gateway.supervisor::settled);
        assertThat(gateway.status("timer").orElseThrow().reason()).isEqualTo("no bundle offers module 'timer'");
    }

    @Test
    public void anInstanceThatCrashedIsRestartedInPlace() {
        gateway.run(service("hub", 1));
        gateway.awaitRun("hub", 1).end(new Exit.Code(1));

        InstanceStatus waiting = gateway.awaitState("hub", InstanceState.RESTARTING);
        assertThat(waiting.reason()).isEqualTo("exit code 1");
        gateway.time.pass(Duration.ofSeconds(1));

        InstanceStatus running = gateway.awaitState("hub", InstanceState.RUNNING);
        assertThat(running.restarts()).isEqualTo(1);
        assertThat(gateway.engine.opened).hasSize(1);
    }

    @Test
    public void aBundleThatGoesIsARestartAtOnceAndNoFailure() {
        gateway.run(service("hub", 1, Fixture.policy(Policy.NO, 0)));

        for (int swap = 1; swap <= 20; swap++) {
            FakeEngine.Run run = gateway.awaitRun("hub", swap);
            gateway.awaitState("hub", InstanceState.RUNNING);
            run.end(new Exit.Gone("its bundle was updated"));
        }
        gateway.awaitRun("hub", 21);
        gateway.awaitState("hub", InstanceState.RUNNING);
    }

    @Test
    public void allServicesStopAtTheSameTimeAndOneThatIgnoresItHoldsUpNobody() throws Exception {
        gateway.engine.stopLatches.put("deaf", new CountDownLatch(1));
        gateway.run(service("deaf", 1), service("hub", 2));
        gateway.awaitState("deaf", InstanceState.RUNNING);
        gateway.awaitState("hub.i1", InstanceState.RUNNING);

        CompletableFuture<Void> stopped = gateway.supervisor.stop();
        until(() -> gateway.engine.closed.contains("hub"));
        assertThat(stopped).isNotDone();
        until(() -> gateway.time.waiting().contains(Fixture.GRACE.plusSeconds(5)));
        gateway.time.pass(Fixture.GRACE.plusSeconds(5));

        stopped.get(10, TimeUnit.SECONDS);
        assertThat(gateway.engine.closed).containsExactlyInAnyOrder("hub", "deaf");
        assertThat(new StatsFile(gateway.stats()).read())
                .extracting(leftover -> leftover.record().name())
                .containsExactly("deaf");
        assertThat(gateway.engine.alive("hub")).isZero();
    }

    @Test
    public void aStopInterruptsAnOpeningThatHangs() throws Exception {
        gateway.engine.openLatches.put("slow", new CountDownLatch(1));
        gateway.run(service("slow", 1));
        until(() -> gateway.time.waiting().contains(Duration.ofSeconds(3)));

        gateway.supervisor.stop().get(10, TimeUnit.SECONDS);
        assertThat(gateway.engine.runs).isEmpty();
    }

    @Test
    public void aServiceIsRestartedAsAWhole() throws Exception {
        gateway.run(service("hub", 2));
        gateway.awaitState("hub", InstanceState.RUNNING);
        gateway.awaitState("hub.i1", InstanceState.RUNNING);

        gateway.supervisor.restart("hub").toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(gateway.engine.runs).hasSize(4);
        assertThat(gateway.engine.mostAtOnce).hasValue(1);
        gateway.awaitState("hub", InstanceState.RUNNING);
    }

    @Test
    public void aRestartOfWhatCannotRunIsAnsweredWithTheReason() throws Exception {
        gateway.engines.add("fake", gateway.engine);
        gateway.engine.openFailures.put("hub", "no such package");
        gateway.supervisor.start(gateway.plans(service("hub", 1)), engine -> Optional.empty());
        gateway.awaitState("hub", InstanceState.RESTARTING);

        assertThatThrownBy(() ->
                        gateway.supervisor.restart("hub").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasMessageContaining("no such package");

        gateway.engine.openFailures.clear();
        gateway.supervisor.restart("hub").toCompletableFuture().get(10, TimeUnit.SECONDS);
        gateway.awaitState("hub", InstanceState.RUNNING);
    }

    @Test
    public void aRestartOfAServiceWhoseEngineCannotBeHadIsRefused() {
        gateway.supervisor.start(
                gateway.plans(service("hub", 1)), engine -> Optional.of("engine 'fake' is not available"));
        gateway.awaitState("hub", InstanceState.FAILED);

        assertThatThrownBy(() ->
                        gateway.supervisor.restart("hub").toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasMessageContaining("engine 'fake' is not available");
    }

    @Test
    public void aRestartIsAnsweredWhenTheInstanceIsStoppedMeanwhileOrTheGatewayStops() throws Exception {
        gateway.engine.slow.addAll(List.of("hub", "web"));
        gateway.run(service("hub", 1), service("web", 1));
        gateway.awaitRun("hub", 1);
        gateway.awaitRun("web", 1);
        CompletableFuture<Void> hub = gateway.supervisor.restart("hub").toCompletableFuture();
        CompletableFuture<Void> web = gateway.supervisor.restart("web").toCompletableFuture();
        gateway.awaitRun("hub", 2);
        gateway.awaitRun("web", 2);

        gateway.supervisor.stopInstance("hub", "hub").toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> hub.get(10, TimeUnit.SECONDS)).hasMessageContaining("stopped on request");

        gateway.supervisor.stop().get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> web.get(10, TimeUnit.SECONDS)).hasMessageContaining("the gateway stops");
    }

    @Test
    public void aStartThatHangsIsWaitedForNoLongerThanAStopAndItsLateRunIsStopped() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        gateway.engine.startLatches.put("hub", latch);
        gateway.run(service("hub", 1));
        until(() -> gateway.engine.starting.contains("hub"));

        CompletableFuture<Void> stopped = gateway.supervisor.stop();
        until(() -> gateway.time.waiting().contains(Fixture.GRACE.plusSeconds(5)));
        gateway.time.pass(Fixture.GRACE.plusSeconds(5));
        stopped.get(10, TimeUnit.SECONDS);

        latch.countDown();
        gateway.awaitRun("hub", 1);
        until(() -> gateway.engine.alive("hub") == 0);
    }
}
