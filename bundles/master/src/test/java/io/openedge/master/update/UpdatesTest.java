package io.openedge.master.update;

import static io.openedge.master.update.LiveUpdates.outcome;
import static io.openedge.master.update.LiveUpdates.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.system.GatewayException;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Updates as the operator and an agent see them. */
public class UpdatesTest {
    @Rule
    public final LiveUpdates live = new LiveUpdates();

    @Test
    public void whatDidNotChangeIsNotTouched() throws Exception {
        live.installed("V1", "hub:1", "timer:1", "old:1");
        live.up();

        UpdateResult result = live.update(live.offer("V2", "hub:1", "timer:2", "new:1"));

        assertThat(result).isEqualTo(new UpdateResult(Outcome.COMMITTED, "V2", ""));
        assertThat(live.engine.versions()).isEqualTo(Map.of("hub", "1", "timer", "2", "new", "1"));
        assertThat(live.engine.count("hub")).isEqualTo(1);
        assertThat(live.engine.prepared).containsSubsequence("hub", "timer", "old", "timer", "new");
        assertThat(live.engine.retained.get(live.engine.retained.size() - 1))
                .isEqualTo(Set.of("hub", "timer", "old", "new"));
        assertThat(live.supervisor.services()).extracting("name").containsExactly("hub", "timer", "new");
        assertThat(live.updates.error()).isEmpty();
        assertThat(live.updates.progress()).isEqualTo(UpdateProgress.NONE);
        live.consistent();
    }

    @Test
    public void theFirstApplicationOfAllRunsOrLeavesNothing() throws Exception {
        live.up();
        live.engine.crashing.add("hub:2");

        assertThat(live.update(live.offer("V2", "hub:2")).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(live.application()).doesNotExist();
        live.consistent();
        assertThat(live.update(live.offer("V1", "hub:1")).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    @Test
    public void anApplicationThatRunsNothingIsOne() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        assertThat(live.update(live.offer("V2")).outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.alive()).isZero();
        live.consistent();
    }

    @Test
    public void aCutFileIsRefusedAndNothingIsTouched() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        LiveUpdates.write(live.work().resolve("cut/application.yml"), "version: V2\nserv");
        LiveUpdates.write(live.work().resolve("empty/application.yml"), "");

        for (String path : List.of("cut", "empty", "nowhere", "../outside")) {
            UpdateResult result = live.update(path);
            assertThat(result.outcome()).as(path).isEqualTo(Outcome.REFUSED);
            assertThat(live.updates.error()).contains(path, "refused", result.reason());
        }
        assertThat(live.engine.count("hub")).isEqualTo(1);
        live.consistent();
        assertThat(live.update(live.offer("V2", "hub:1")).outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.updates.error()).isEmpty();
    }

    @Test
    public void aBrokenApplicationIsReplacedByAnUpdate() throws Exception {
        LiveUpdates.write(live.application(), "version: V1\nserv");
        live.up();
        assertThat(live.updates.error()).contains("application.yml");

        assertThat(live.update(live.offer("V2", "hub:1")).outcome()).isEqualTo(Outcome.COMMITTED);

        assertThat(live.updates.error()).isEmpty();
        live.consistent();
    }

    @Test
    public void whatCannotBePreparedIsRefusedBeforeAnythingStops() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.prepareFailures.put("hub", "no such image");
        live.engine.prepareFailures.put("timer", "no space");

        UpdateResult result = live.update(live.offer("V2", "hub:2", "timer:2"));

        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reason()).contains("service 'hub': no such image").contains("service 'timer': no space");
        assertThat(live.engine.count("hub")).isEqualTo(1);
        live.consistent();
    }

    @Test
    public void aServiceThatCrashesBringsTheOldApplicationBack() throws Exception {
        live.installed("V1", "hub:1", "timer:1");
        live.up();
        live.engine.crashing.add("timer:2");

        UpdateResult result = live.update(live.offer("V2", "hub:1", "timer:2", "new:2"));

        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(result.version()).isEqualTo("V1");
        assertThat(result.reason()).contains("instance 'timer' was restarted", "exit code 3");
        assertThat(live.updates.error()).contains("V2", "rolled back", "instance 'timer'");
        assertThat(live.engine.count("hub")).isEqualTo(1);
        live.consistent();
    }

    @Test
    public void whatFailedThreeTimesIsNotTriedAgainUnlessTheOperatorWantsIt() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.crashing.add("hub:2");
        String path = live.offer("V2", "hub:2");
        for (int tries = 0; tries < 3; tries++) {
            assertThat(outcome(live.updates.update(path, false)).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        }
        int runs = live.engine.count("hub");

        UpdateResult fourth = outcome(live.updates.update(path, false));

        assertThat(fourth.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(fourth.reason()).contains("failed 3 times").contains("was restarted");
        assertThat(live.engine.count("hub")).isEqualTo(runs);
        live.engine.crashing.clear();
        assertThat(outcome(live.updates.update(path, true)).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    @Test
    public void aRollBackThatFailsIsSaidAndDoesNotLoop() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.crashing.add("hub:2");
        String path = live.offer("V2", "hub:2");
        live.engine.crashing.add("hub:1");

        UpdateResult result = live.update(path);

        assertThat(result.outcome()).isEqualTo(Outcome.ROLL_BACK_FAILED);
        assertThat(result.version()).isEqualTo("V1");
        assertThat(live.updates.error()).contains("roll back failed").contains("instance 'hub' was restarted");
        assertThat(live.onDisk().version()).isEqualTo("V1");
        live.engine.crashing.clear();
        live.consistent(); // the supervisor goes on trying
    }

    @Test
    public void ofThoseThatWaitTheNewestWins() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        CountDownLatch latch = new CountDownLatch(1);
        live.engine.prepareLatches.put("hub", latch);
        CompletionStage<UpdateResult> first = live.updates.update(live.offer("V2", "hub:2"), true);
        until(() -> live.updates.progress().phase().startsWith("preparing hub"));
        assertThat(live.updates.progress().version()).isEqualTo("V2");
        CompletionStage<UpdateResult> second = live.updates.update(live.offer("V3", "hub:3"), true);
        CompletionStage<UpdateResult> third = live.updates.update(live.offer("V4", "hub:4"), true);

        assertThat(outcome(second))
                .isEqualTo(new UpdateResult(
                        Outcome.CANCELLED, "V1", "a newer update was asked for before this one began"));
        latch.countDown();
        assertThat(outcome(first).version()).isEqualTo("V2");
        assertThat(outcome(third).version()).isEqualTo("V4");
        live.consistent();
    }

    @Test
    public void anUpdateIsGivenUpWhileItPrepares() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.prepareLatches.put("hub", new CountDownLatch(1));
        CompletionStage<UpdateResult> update = live.updates.update(live.offer("V2", "hub:2"), true);
        until(() -> live.updates.progress().phase().startsWith("preparing hub"));

        live.updates.cancel();

        assertThat(outcome(update)).isEqualTo(new UpdateResult(Outcome.CANCELLED, "V1", "given up on request"));
        assertThat(live.engine.count("hub")).isEqualTo(1);
        assertThat(live.updates.error()).isEmpty();
        live.consistent();
    }

    @Test
    public void anUpdateIsGivenUpWhileItIsWatched() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        String path = live.offer("V2", "hub:2");
        Files.writeString(
                live.work().resolve(path).resolve("application.yml"),
                LiveUpdates.text("V2", "hub:2").replace("50ms", "1h"));
        CompletionStage<UpdateResult> update = live.updates.update(path, true);
        until(() -> live.updates.progress().phase().contains("is watched"));
        assertThat(live.updates.application().version()).isEqualTo("V1");

        live.updates.cancel();

        assertThat(outcome(update).outcome()).isEqualTo(Outcome.CANCELLED);
        live.consistent();
        live.updates.cancel();
        assertThat(live.update(live.offer("V3", "hub:3")).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    @Test
    public void whoMayReadTheApplicationMayReadTheNextOne() throws Exception {
        live.installed("V1", "hub:1");
        Files.setPosixFilePermissions(live.application(), PosixFilePermissions.fromString("rw-r-----"));
        live.up();
        assertThat(live.update(live.offer("V2", "hub:2")).outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(live.application())))
                .isEqualTo("rw-r-----");
    }

    @Test
    public void anEngineThatThrowsRefusesTheUpdateAndTheNextOneIsMade() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.prepareFailures.put("hub", "throw");
        UpdateResult result = live.update(live.offer("V2", "hub:2"));
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reason()).contains("failed to prepare");
        live.engine.prepareFailures.clear();
        assertThat(live.update(live.offer("V3", "hub:3")).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    @Test
    public void supervisionGoesOnWhileAnUpdateRuns() throws Exception {
        live.installed("V1", "hub:1", "timer:1");
        live.up();
        CountDownLatch latch = new CountDownLatch(1);
        live.engine.prepareLatches.put("timer", latch);
        CompletionStage<UpdateResult> update = live.updates.update(live.offer("V2", "hub:1", "timer:2"), true);
        until(() -> live.updates.progress().phase().startsWith("preparing timer"));

        live.engine.kill("hub");
        live.engine.kill("timer");

        until(() -> live.engine.versions().equals(Map.of("hub", "1", "timer", "1")));
        latch.countDown();
        assertThat(outcome(update).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    @Test
    public void aCallOfAServiceThatIsAwayForAnUpdateWaitsUntilItIsBack() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        CountDownLatch latch = new CountDownLatch(1);
        live.engine.slowStop("hub", latch);
        CompletionStage<UpdateResult> update = live.updates.update(live.offer("V2", "hub:2"), true);
        until(() -> live.updates.progress().phase().startsWith("stopping hub"));
        until(() -> live.engine.stopping("hub"));

        CompletionStage<String> call = live.supervisor.startInstance("hub", "hub.x", Map.of("A", "b"));
        latch.countDown();

        assertThat(call.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("fake:hub.x");
        assertThat(live.engine.versions()).containsEntry("hub.x", "2");
        assertThat(outcome(update).outcome()).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    public void aBusyServiceHoldsAnUpdateBackForAWhile() throws Exception {
        live.defer = Duration.ofMillis(400);
        live.installed("V1", "hub:1", "timer:1");
        live.up();
        busy("hub", true);
        assertThat(live.update(live.offer("V2", "hub:1", "timer:2")).outcome()).isEqualTo(Outcome.COMMITTED);
        CompletionStage<UpdateResult> update = live.updates.update(live.offer("V3", "hub:3", "timer:2"), true);
        until(() -> live.updates.progress().phase().equals("waiting for hub, which says that it is busy"));
        assertThat(live.engine.versions()).containsEntry("hub", "1");
        busy("hub", false);
        assertThat(outcome(update).outcome()).isEqualTo(Outcome.COMMITTED);

        busy("hub", true);
        assertThat(live.update(live.offer("V4", "hub:4")).outcome()).isEqualTo(Outcome.COMMITTED);
        live.consistent();
    }

    private void busy(String service, boolean busy) {
        live.supervisor.report(service, service, before -> Map.of("openedge", Map.of("busy", busy)));
    }

    @Test
    public void aServiceMayNameNoFileOutsideTheWorkDirectory() throws Exception {
        live.up();
        var outside = Files.createTempFile("application", ".yml");
        try {
            Files.writeString(outside, LiveUpdates.text("V9", "hub:9"));
            Files.createSymbolicLink(live.work().resolve("link.yml"), outside);
            for (String path : List.of(outside.toString(), "link.yml", "../" + outside.getFileName())) {
                assertThatThrownBy(() -> live.updates
                                .plan(path, false)
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS))
                        .as(path)
                        .hasCauseInstanceOf(GatewayException.class);
            }
            assertThat(live.update(outside.toString()).outcome()).isEqualTo(Outcome.COMMITTED);
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    public void contentBelowEtcThatChangedRestartsWhoMountsItWhenTheCurrentFileIsReadAgain() throws Exception {
        String mounts = "    mounts: [{name: conf, path: etc/openedge}, {name: data, path: var/data}]\n";
        String volumes = "volumes:\n  - {name: conf, path: var/db/openedge/conf}\n"
                + "  - {name: data, path: var/db/openedge/data}\n";
        LiveUpdates.write(
                live.application(),
                LiveUpdates.text("V1", "hub:1")
                        + mounts
                        + LiveUpdates.text("", "timer:1").replaceFirst("(?s).*services:\n", "")
                        + volumes);
        LiveUpdates.write(live.db().resolve("conf/service.yml"), "a: 1\n");
        live.up();
        LiveUpdates.write(live.db().resolve("data/x"), "new");
        assertThat(live.update("").outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.count("hub")).isEqualTo(1);

        LiveUpdates.write(live.db().resolve("conf/service.yml"), "a: 2\n");
        assertThat(live.update("").outcome()).isEqualTo(Outcome.COMMITTED);

        assertThat(live.engine.count("hub")).isEqualTo(2);
        assertThat(live.engine.count("timer")).isEqualTo(1);
        assertThat(live.update("").outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.count("hub")).isEqualTo(2);

        String onChange = Files.readString(live.application()).replace("var/data}", "var/data, restart: onchange}");
        LiveUpdates.write(live.application(), onChange);
        assertThat(live.update("").outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.count("hub")).isEqualTo(3);
        LiveUpdates.write(live.db().resolve("data/x"), "newer");
        assertThat(live.update("").outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.count("hub")).isEqualTo(4);
    }

    @Test
    public void aStopOfTheGatewayDuringAnUpdateLeavesTheOldApplication() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.prepareLatches.put("hub", new CountDownLatch(1));
        CompletionStage<UpdateResult> update = live.updates.update(live.offer("V2", "hub:2"), true);
        until(() -> live.updates.progress().phase().startsWith("preparing hub"));

        live.updates.end().get(10, TimeUnit.SECONDS);

        assertThat(outcome(update).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(outcome(live.updates.update("", true)).reason()).isEqualTo("the gateway stops");
        assertThat(live.onDisk().version()).isEqualTo("V1");
    }
}
