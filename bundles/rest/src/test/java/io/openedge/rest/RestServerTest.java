package io.openedge.rest;

import static io.openedge.rest.RawHttp.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.RestException;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.ServerSettings;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The calls, over real sockets and with our own client. */
public class RestServerTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private FakeGateways gateways;
    private RestServer server;
    private GatewayClient hub;
    private GatewayClient operator;

    @Before
    public void serve() throws Exception {
        Path services = folder.getRoot().toPath().resolve("run/api.sock");
        Path operators = folder.getRoot().toPath().resolve("run/operator.sock");
        gateways = new FakeGateways(
                new ServerSettings("unix://" + services, Duration.ofMinutes(5), "", "", "", operators));
        server = new RestServer(gateways, Duration.ofMillis(200), Limits.services(Duration.ofMinutes(5)));
        hub = new GatewayClient(new ServerAddress.Unix(services), new Credentials("hub", "t0ken"));
        operator = new GatewayClient(new ServerAddress.Unix(operators), Credentials.OPERATOR);
    }

    @After
    public void end() {
        hub.close();
        operator.close();
        server.close();
        assertThat(gateways.unserviceable).isEmpty();
    }

    @Test
    public void inspectComesBackAsItWas() throws Exception {
        assertThat(await(hub.inspect())).isEqualTo(gateways.inspect());
        assertThat(await(operator.inspect())).isEqualTo(gateways.inspect());
    }

    @Test
    public void aPortIsHandedOut() throws Exception {
        assertThat(await(hub.availablePort())).isEqualTo(50123);
        assertThat(raw(request("GET", "/v1/ports/available", ""))).isEqualTo("200 {\"port\":\"50123\"}");
    }

    @Test
    public void anInstanceIsStartedWithItsConfigurationAndAnswersItsAddress() throws Exception {
        assertThat(await(hub.startInstance("function", "f.1", Map.of("A", "b"))))
                .isEqualTo("127.0.0.1:50051");
        assertThat(gateways.calls).containsExactly("start function f.1 {A=b}");
    }

    @Test
    public void anInstanceWithoutAnAddressAnswersNone() throws Exception {
        gateways.start = CompletableFuture.completedFuture("");
        assertThat(await(hub.startInstance("function", "f.1", Map.of()))).isEmpty();
    }

    @Test
    public void aStartThatStaysPendingIsAnsweredWithTheReason() {
        gateways.start = new CompletableFuture<>();
        assertRefused(hub.startInstance("function", "i1", Map.of()), 400, "pending: waits for module x");
    }

    @Test
    public void aStopIsAnsweredWhenItIsOver() throws Exception {
        gateways.stop = new CompletableFuture<>();
        CompletableFuture<Void> stopped = hub.stopInstance("function", "i1");
        assertThat(await(hub.availablePort())).as("others are served meanwhile").isEqualTo(50123);
        assertThat(stopped).isNotDone();
        gateways.stop.complete(null);
        await(stopped);
        assertThat(gateways.calls).containsExactly("stop function i1");
    }

    @Test
    public void anUpdateOfAServiceIsAnsweredAtOnceAndOneOfTheOperatorWhenItIsOver() throws Exception {
        gateways.update = new CompletableFuture<>();
        await(hub.update("new"));
        assertThat(raw(request("PUT", "/v1/system/update", "{\"file\":\"old\"}")))
                .isEqualTo("200 ");
        CompletableFuture<UpdateResult> over = operator.updateToItsEnd("");
        assertThat(await(operator.updateProgress())).isEqualTo(new UpdateProgress("V2", "preparing"));
        await(operator.cancelUpdate());
        assertThat(over).isNotDone();

        UpdateResult result = new UpdateResult(UpdateResult.Outcome.ROLLED_BACK, "V1", "it fell over");
        gateways.update.complete(result);

        assertThat(await(over)).isEqualTo(result);
        assertThat(await(operator.plan("x")).steps())
                .containsExactly(new UpdatePlan.Step("hub", UpdatePlan.Action.KEEP, "unchanged"));
        assertThat(gateways.calls).containsExactlyInAnyOrder("update new", "update old", "update ", "cancel", "plan x");
    }

    @Test
    public void aSetThatMayNotComeInIsForbiddenAtOnce() throws Exception {
        assertThat(raw(request("PUT", "/v1/system/update", "{\"path\":\"unsigned\"}")))
                .isEqualTo("403 is not signed");
        assertRefused(hub.updateToItsEnd("unsigned"), 403, "is not signed");
        assertRefused(operator.updateToItsEnd("unsigned"), 403, "is not signed");
        assertThat(gateways.calls).isEmpty();
    }

    @Test
    public void aReportPassesThroughAndNullsSayNothing() throws Exception {
        String body = "{\"a\":{\"b\":1,\"c\":null},\"d\":[1.5,true],\"e\":null}";
        assertThat(raw(request("PUT", "/v1/services/hub/instances/hub/report", body)))
                .isEqualTo("200 ");
        assertThat(gateways.calls).containsExactly("report hub hub {a={b=1}, d=[1.5, true]}");
    }

    @Test
    public void theOperatorAsksWhetherAllIsSettledAndRestarts() throws Exception {
        assertThat(await(operator.settled())).isTrue();
        await(operator.restart("hub"));
        assertThat(gateways.calls).containsExactly("restart hub");
    }

    @Test
    public void aServiceMayWaitForItsUpdateAndRestart() throws Exception {
        gateways.update = new CompletableFuture<>();
        CompletableFuture<UpdateResult> over = hub.updateToItsEnd("new");
        assertThat(await(hub.updateProgress())).isEqualTo(new UpdateProgress("V2", "preparing"));
        assertThat(over).isNotDone();
        UpdateResult result = new UpdateResult(UpdateResult.Outcome.COMMITTED, "V2", "");
        gateways.update.complete(result);

        assertThat(await(over)).isEqualTo(result);
        assertThat(await(hub.plan("x")).to()).isEqualTo("V2");
        assertThat(await(hub.settled())).isTrue();
        await(hub.restart("s1"));
        assertThat(gateways.calls).containsExactly("update new", "plan x", "restart s1");
    }

    @Test
    public void servicesHaveNoCallsUnderTheOperatorsPrefix() throws Exception {
        assertThat(raw(request("GET", "/v1/operator/settled", ""))).startsWith("404 there is no /v1/operator/settled");
    }

    @Test
    public void aRefusalOfTheGatewayArrivesWithItsReason() {
        assertRefused(hub.update("new"), 400, "the gateway is not ready");
        assertRefused(hub.startInstance("nobody", "i", Map.of()), 404, "there is no service nobody");
        assertRefused(hub.report("other", "i", Map.of()), 403, "a service reports for itself only");
    }

    @Test
    public void theCallsOfTheFirstReleasesHaveNoVersion() throws Exception {
        assertThat(raw(request("GET", "/system/inspect", ""))).startsWith("200 {\"time\":\"2026-01-02T03:04:05Z\"");
        assertThat(raw(request("GET", "/ports/available", ""))).isEqualTo("200 {\"port\":\"50123\"}");
        assertThat(raw(request("PUT", "/services/f/instances/f.1/start", "{\"A\":\"b\"}")))
                .isEqualTo("200 {\"address\":\"127.0.0.1:50051\"}");
        assertThat(raw(request("PUT", "/services/f/instances/f.1/stop", ""))).isEqualTo("200 ");
        assertThat(raw(request("PUT", "/system/update", "{\"file\":\"new\"}")))
                .isEqualTo("400 the gateway is not ready");
        assertThat(raw(request("PUT", "/services/hub/instances/hub/report", "{}")))
                .startsWith("404 ");
        assertThat(gateways.calls).containsExactly("start f f.1 {A=b}", "stop f f.1", "update new");
    }

    @Test
    public void whoIsNotKnownGetsNothing() throws Exception {
        assertThat(raw("GET /v1/system/inspect HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("401 account unauthorized");
        String wrong = "x-openedge-username: hub\r\nx-openedge-password: T0ken\r\n\r\n";
        assertThat(raw("GET /v1/system/inspect HTTP/1.1\r\nHost: x\r\n" + wrong))
                .isEqualTo("401 account unauthorized");
    }

    @Test
    public void theHeadersOfLaterReleasesDoAsWell() throws Exception {
        String right = "x-openedge-username: hub\r\nx-openedge-password: t0ken\r\n\r\n";
        assertThat(raw("GET /v1/ports/available HTTP/1.1\r\nHost: x\r\n" + right))
                .isEqualTo("200 {\"port\":\"50123\"}");
    }

    private String raw(String text) throws Exception {
        try (RawHttp client = new RawHttp(server.address())) {
            return client.send(text).answer();
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static void assertRefused(CompletableFuture<?> future, int status, String reason) {
        assertThatThrownBy(() -> await(future))
                .hasCauseInstanceOf(RestException.class)
                .cause()
                .hasMessage(reason)
                .extracting(e -> ((RestException) e).status())
                .isEqualTo(status);
    }
}
