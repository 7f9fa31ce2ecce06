package io.openedge.module.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Action;
import io.openedge.system.UpdatePlan.Step;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** The gateway over REST, as a module asks it. */
public class RestGatewayTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(RestGatewayTest.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private FakeApi api;
    private RestGateway gateway;

    @Before
    public void open() throws Exception {
        api = new FakeApi();
        gateway = new RestGateway(ServerAddress.parse(api.address()), new Credentials("hub", "t0ken"), "", logger);
        logger.setLevel(Level.INFO);
        logged.start();
        logger.addAppender(logged);
    }

    @After
    public void close() {
        gateway.close();
        api.close();
        logger.detachAppender(logged);
    }

    @Test
    public void callsCarryTheTokenOfTheService() throws Exception {
        api.answer("GET /v1/ports/available", 200, "{\"port\": \"50123\"}")
                .answer("PUT /v1/services/f/instances/f.1/start", 200, "{\"address\": \"127.0.0.1:5\"}")
                .answer("PUT /v1/services/f/instances/f.1/stop", 200, "")
                .answer("GET /v1/system/inspect", 200, "{\"error\": \"none\"}");

        assertThat(gateway.availablePort()).isEqualTo(50123);
        assertThat(get(gateway.startInstance("f", "f.1", Map.of("KEY", "value"))))
                .isEqualTo("127.0.0.1:5");
        get(gateway.stopInstance("f", "f.1"));
        assertThat(gateway.inspect().error()).isEqualTo("none");

        assertThat(api.calls())
                .containsExactly(
                        "GET /v1/ports/available hub/t0ken",
                        "PUT /v1/services/f/instances/f.1/start hub/t0ken {\"KEY\":\"value\"}",
                        "PUT /v1/services/f/instances/f.1/stop hub/t0ken",
                        "GET /v1/system/inspect hub/t0ken");
    }

    @Test
    public void aRefusalArrivesInTheGatewaysWords() {
        api.answer("PUT /v1/services/f/instances/f.1/start", 403, "add permissions: [instances]")
                .answer("PUT /v1/services/g/instances/g.1/start", 404, "no service 'g'")
                .answer("GET /v1/ports/available", 401, "account unauthorized");

        refused(gateway.startInstance("f", "f.1", Map.of()), Kind.FORBIDDEN, "add permissions: [instances]");
        refused(gateway.startInstance("g", "g.1", Map.of()), Kind.NOT_FOUND, "no service 'g'");
        assertThatThrownBy(gateway::availablePort)
                .isInstanceOf(GatewayException.class)
                .hasMessage("account unauthorized");
    }

    @Test
    public void anAnswerMayBeWaitedForOnAnAnswersThread() throws Exception {
        api.answer("PUT /v1/services/f/instances/f.1/stop", 200, "")
                .answer("GET /v1/ports/available", 200, "{\"port\": \"1\"}");

        CompletionStage<Integer> port = gateway.stopInstance("f", "f.1").thenApply(none -> gateway.availablePort());

        assertThat(get(port)).isEqualTo(1);
    }

    @Test
    public void reportsThatAreNotTakenAreSaidOnceUntilTheyAreTakenAgain() {
        String call = "PUT /v1/services/hub/instances/hub/report";
        api.answer(call, 400, "too many keys");
        gateway.report("hub", "hub", Map.of("clients", 1));
        gateway.report("hub", "hub", Map.of("clients", 2));
        await().until(() -> api.calls().size() == 2);
        await().untilAsserted(() -> assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("the gateway does not take what this module reports: too many keys"));

        api.answer(call, 200, "");
        gateway.report("hub", "hub", Map.of("clients", 3));

        await().untilAsserted(() -> assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .last()
                .isEqualTo("the gateway takes what this module reports again"));
        assertThat(api.calls()).contains(call + " hub/t0ken {\"clients\":3}");
    }

    @Test
    public void aGatewayThatIsAwayIsSaid() {
        api.close();

        refused(gateway.stopInstance("f", "f.1"), Kind.INVALID, "the gateway is not reached: " + api.address());
    }

    @Test
    public void afterItsEndNothingIsAsked() {
        gateway.close();

        assertThatThrownBy(() -> gateway.report("hub", "hub", Map.of())).hasMessage("the instance has ended");
        assertThat(api.calls()).isEmpty();
    }

    @Test
    public void theApplicationIsUpdatedAndServicesAreRestarted() throws Exception {
        api.answer("PUT /v1/gateway/update/plan", 200, """
                        {"from": "V1", "to": "V2", "steps": [{"service": "hub", "action": "KEEP", "reason": "unchanged"}]}""")
                .answer("PUT /v1/gateway/update", 200, """
                        {"outcome": "ROLLED_BACK", "version": "V1", "reason": "it fell over"}""")
                .answer("GET /v1/gateway/update/progress", 200, """
                        {"version": "V2", "phase": "preparing"}""")
                .answer("PUT /v1/gateway/update/cancel", 200, "")
                .answer("GET /v1/gateway/settled", 200, "{\"settled\": true}")
                .answer("PUT /v1/gateway/services/hub/restart", 200, "");

        assertThat(get(gateway.plan("new")))
                .isEqualTo(new UpdatePlan("V1", "V2", List.of(new Step("hub", Action.KEEP, "unchanged"))));
        assertThat(get(gateway.update("new"))).isEqualTo(new UpdateResult(Outcome.ROLLED_BACK, "V1", "it fell over"));
        assertThat(gateway.progress()).isEqualTo(new UpdateProgress("V2", "preparing"));
        gateway.cancel();
        assertThat(gateway.settled()).isTrue();
        get(gateway.restart("hub"));

        assertThat(api.calls())
                .contains(
                        "PUT /v1/gateway/update/plan hub/t0ken {\"path\":\"new\"}",
                        "PUT /v1/gateway/update hub/t0ken {\"path\":\"new\"}",
                        "PUT /v1/gateway/update/cancel hub/t0ken",
                        "PUT /v1/gateway/services/hub/restart hub/t0ken");
    }

    @Test
    public void anUpdateWithoutTheRightIsForbidden() {
        api.answer("PUT /v1/gateway/update", 403, "add permissions: [update]");

        refused(gateway.update("new"), Kind.FORBIDDEN, "add permissions: [update]");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void refused(CompletionStage<?> stage, Kind kind, String reason) {
        assertThatThrownBy(() -> get(stage))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(reason)
                .extracting(cause -> ((GatewayException) cause).kind())
                .isEqualTo(kind);
    }
}
