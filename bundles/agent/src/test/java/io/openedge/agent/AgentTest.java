package io.openedge.agent;

import static io.openedge.agent.CloudWorld.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.archive.RawZip;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;

/** What an agent does with a cloud that means well, over links that fail. */
public class AgentTest {
    @Rule
    public final CloudWorld world = new CloudWorld();

    private static final RawZip CONTENT = new RawZip().file("a.txt", "a").entry("bin/run", RawZip.PROGRAM, "#!/bin/sh");

    @Test
    public void reportsAtTheStartInTheOlderForm() throws Exception {
        world.start();

        world.awaitReport(report -> report.startsWith("gateway-1 ") && report.contains("\"conf_version\":\"v1\""));
        assertThat(world.posted.get(0)).matches("gateway-1 \\d+ \\{.*}");
        await().until(() -> world.published.stream().anyMatch(report -> report.contains("\"conf_version\":\"v1\"")));
    }

    @Test
    public void reportsInJson() throws Exception {
        world.start("interval: 300ms", "format: json");

        world.awaitReport(report -> report.contains("\"conf_version\":\"v1\""));
    }

    @Test
    public void deploysWhatTheCloudWants() throws Exception {
        world.start("interval: 1h");
        world.awaitReport(report -> report.contains("\"conf_version\":\"v1\""));

        world.publish(world.event("v2", world.volume("things", "1", CONTENT)));

        world.awaitVersion("v2");
        assertThat(world.gateway.updates).containsExactly("var/db/openedge/app/v2");
        Path things = world.volumes().resolve("things/1");
        assertThat(things.resolve("a.txt")).hasContent("a");
        assertThat(things.resolve("bin/run")).isExecutable();
        assertThat(things.resolve("things.zip")).exists();
        assertThat(world.volumes().resolve("app/v2/app.zip")).exists();
        assertThat(world.volumes().resolve(".agent-staging")).doesNotExist();
    }

    @Test
    public void whatIsThereIsNotFetchedAgain() throws Exception {
        world.start();
        world.publish(world.event("v2", world.volume("things", "1", CONTENT), world.volume("more", "1", CONTENT)));
        world.awaitVersion("v2");

        world.publish(world.event("v3", world.volume("things", "1", CONTENT), world.volume("more", "2", CONTENT)));
        world.awaitVersion("v3");

        assertThat(downloads())
                .containsExactly("/app-v2.zip", "/things-1.zip", "/more-1.zip", "/app-v3.zip", "/more-2.zip");
    }

    private List<String> downloads() {
        return world.server.requests.stream()
                .filter(request -> request.contains(".zip"))
                .map(request -> request.replace(" null", ""))
                .toList();
    }

    @Test
    public void aFolderOfAnOlderAgentIsTakenWhenItIsCompleteOnly() throws Exception {
        String half = world.volume("half", "1", CONTENT);
        String whole = world.volume("whole", "1", CONTENT);
        for (String name : new String[] {"half", "whole"}) {
            Path folder = Files.createDirectories(world.volumes().resolve(name + "/1/bin"));
            CONTENT.write(folder.resolveSibling(name + ".zip"));
            Files.writeString(folder.resolve("run"), "#!/bin/sh");
        }
        Files.writeString(world.volumes().resolve("whole/1/a.txt"), "a");
        world.start();

        world.publish(world.event("v2", half, whole));
        world.awaitVersion("v2");

        assertThat(world.volumes().resolve("half/1/a.txt")).hasContent("a");
        assertThat(downloads()).containsExactly("/app-v2.zip", "/half-1.zip");
    }

    @Test
    public void aFailureIsReportedAndTheSameEventMayComeAgain() throws Exception {
        world.start();
        world.gateway.rule = application ->
                CompletableFuture.completedFuture(new UpdateResult(Outcome.ROLLED_BACK, "v1", "no sensor on bus 3"));
        String event = world.event("v2");
        world.publish(event);
        world.awaitReport(report -> report.contains("\"error\":\"version v2: no sensor on bus 3\""));

        world.gateway.rule = application ->
                CompletableFuture.completedFuture(new UpdateResult(Outcome.COMMITTED, application.version(), ""));
        world.publish(event);

        world.awaitReport(report -> report.contains("\"conf_version\":\"v2\"") && !report.contains("no sensor"));
    }

    @Test
    public void aRefusalOfTheGatewayIsReported() throws Exception {
        world.start();
        world.gateway.rule = application ->
                CompletableFuture.failedFuture(new GatewayException(Kind.FORBIDDEN, "the application is not signed"));

        world.publish(world.event("v2"));

        world.awaitReport(report -> report.contains("\"error\":\"version v2: the application is not signed\""));
        assertThat(world.gateway.version()).isEqualTo("v1");
    }

    @Test
    public void theNewestOfWhatWaitsWins() throws Exception {
        CompletableFuture<UpdateResult> second = new CompletableFuture<>();
        world.gateway.rule = application -> application.version().equals("v2")
                ? second
                : CompletableFuture.completedFuture(new UpdateResult(Outcome.COMMITTED, application.version(), ""));
        world.start();
        world.publish(world.event("v2"));
        await().until(() -> world.gateway.updates.size() == 1);

        world.publish(world.event("v3"));
        world.publish(world.event("v4"));
        await().until(() ->
                Files.readString(world.volumes().resolve(".agent.json")).contains("app/v4"));
        second.complete(new UpdateResult(Outcome.COMMITTED, "v2", ""));

        world.awaitVersion("v4");
        assertThat(world.gateway.updates).containsExactly("var/db/openedge/app/v2", "var/db/openedge/app/v4");
    }

    @Test
    public void aDownloadThatIsNotWantedAnyMoreEnds() throws Exception {
        world.on("/slow.zip", exchange -> exchange.sendResponseHeaders(503, -1));
        world.start();
        world.publish(world.eventOf("v2", "{\"url\":\"/slow.zip\",\"sha256\":\"" + "0".repeat(64) + "\"}"));
        world.awaitReport(report ->
                report.contains("version v2 waits: https://localhost") && report.contains("the server answers 503"));

        world.publish(world.event("v3"));

        world.awaitVersion("v3");
    }

    @Test
    public void anEventOfTheTimeWithoutALinkIsWorkedOnLater() throws Exception {
        world.start();
        world.awaitReport(report -> report.contains("\"conf_version\":\"v1\""));
        world.stop();
        world.publish(world.event("v2"));
        world.broker.stop();
        world.posted.clear();

        world.startAlone();
        world.awaitReport(report -> report.contains("\"conf_version\":\"v1\""));
        world.broker.start();

        world.awaitVersion("v2");
    }

    @Test
    public void anUpdateThatEndedWhileTheAgentWasAwayIsNotAskedForAgain() throws Exception {
        CompletableFuture<UpdateResult> never = new CompletableFuture<>();
        world.gateway.rule = application -> never;
        world.start();
        world.publish(world.event("v2"));
        await().until(() -> world.gateway.updates.size() == 1);
        world.stop();

        world.gateway.progress = new UpdateProgress("", "", "rolled back: no sensor on bus 3");
        world.start();

        world.awaitReport(report -> report.contains("version v2: rolled back: no sensor on bus 3"));
        assertThat(world.gateway.updates).hasSize(1);
    }

    @Test
    public void foldersThatNobodyNamesAreRemovedAfterThreeReports() throws Exception {
        world.start();
        for (String version : new String[] {"v2", "v3", "v4"}) {
            world.publish(world.event(version, world.volume("things", version, CONTENT)));
            world.awaitVersion(version);
        }
        Path strange = Files.createDirectories(world.volumes().resolve("strange"));

        for (String unused : List.of("things/v2", "app/v2")) {
            await(unused)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !Files.exists(world.volumes().resolve(unused)));
        }

        assertThat(world.volumes().resolve("things/v3")).exists();
        assertThat(world.volumes().resolve("things/v4")).exists();
        assertThat(strange).exists();
    }

    @Test
    public void nothingIsRemovedWhileAnotherVersionRuns() throws Exception {
        world.start();
        for (String version : new String[] {"v2", "v3", "v4"}) {
            world.publish(world.event(version));
            world.awaitVersion(version);
            world.runs("local");
        }
        int reports = world.posted.size();

        await().until(() -> world.posted.size() > reports + 6);

        assertThat(world.volumes().resolve("app/v2")).exists();
    }

    @Test
    public void aFolderThatIsInUseIsNotTouched() throws Exception {
        world.start();
        Path data = Files.createDirectories(world.volumes().resolve("data"));
        Files.writeString(data.resolve("mine"), "x");

        world.publish(
                world.event("v2", world.volume("other", "1", CONTENT).replace("openedge/other/1", "openedge/data")));

        world.awaitReport(report -> report.contains("is used by the running application with other content"));
        assertThat(data.resolve("mine")).hasContent("x");
        assertThat(world.gateway.version()).isEqualTo("v1");
    }

    @Test
    public void aFolderWithSomethingElseIsNotReplaced() throws Exception {
        world.start();
        Path data = Files.createDirectories(world.volumes().resolve("things/1"));
        Files.writeString(data.resolve("mine"), "x");

        world.publish(world.event("v2", world.volume("things", "1", CONTENT)));

        world.awaitReport(report -> report.contains("holds something that is not of a cloud"));
        assertThat(data.resolve("mine")).hasContent("x");
    }

    @Test
    public void anotherVersionThanTheEventSaysIsRefused() throws Exception {
        world.start();

        world.publish(world.eventOf("v2", world.offer("/app.zip", application("v3"))));

        world.awaitReport(
                report -> report.contains("application.yml has version 'v3'; allowed: v2, as the event says"));
        assertThat(world.gateway.updates).isEmpty();
    }

    @Test
    public void itsMemoryIsPutAsideWhenItIsDamaged() throws Exception {
        Files.writeString(world.volumes().resolve(".agent.json"), "{\"pending\":");
        world.start();

        world.publish(world.event("v2"));

        world.awaitVersion("v2");
        assertThat(world.volumes().resolve(".agent.json.damaged")).exists();
    }

    @Test
    public void nothingOfItIsLeftWhenItHasStopped() throws Exception {
        world.on("/slow.zip", exchange -> exchange.sendResponseHeaders(503, -1));
        world.start();
        world.publish(world.eventOf("v2", "{\"url\":\"/slow.zip\",\"sha256\":\"" + "0".repeat(64) + "\"}"));
        world.awaitReport(report -> report.contains("version v2 waits"));

        world.stop();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> name.startsWith("agent-") || name.equals("mqtt-gateway-1")));
    }
}
