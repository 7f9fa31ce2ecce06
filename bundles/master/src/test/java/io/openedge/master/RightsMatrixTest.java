package io.openedge.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.engine.Engine;
import io.openedge.master.feature.LiveFramework;
import io.openedge.master.supervise.FakeEngine;
import io.openedge.rest.RestServer;
import io.openedge.rest.client.HttpAnswer;
import io.openedge.rest.client.HttpCall;
import io.openedge.rest.client.HttpCaller;
import io.openedge.rest.client.Json;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.Gateway;
import io.openedge.system.GatewayException;
import io.openedge.system.Gateways;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * Every role makes every call on every target under both rules, through the real sockets of the API, with and without /v1,
 * and modules of the framework through their {@link Gateway}: all as the two tables say.
 */
public class RightsMatrixTest {
    private static final String APPLICATION = """
            version: V1
            services:
              - {name: plain, image: example/plain, replica: 1}
              - {name: agent, image: 'hub.example.com:5000/openedge/openedge-agent:latest', replica: 1}
              - {name: manager, image: openedge-function-manager, replica: 1}
              - {name: granted, image: example/other, replica: 1, permissions: [update, instances]}
              - {name: other, image: example/other, replica: 1}
              - {name: function, image: example/function}
            """;

    /** Roles in rows, calls and their targets in columns; "any": allowed, whatever comes of it. */
    private static final String STRICT = """
            call     inspect ports update start start start  start stop stop stop   stop report report report report settled restart plan
            target   -       -     -      own   other nobody new   own  other nobody new  own    other  nobody new    -       own     -
            none     401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            wrong    401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            foreign  401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            dynamic  401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            plain    200     200   403    403   403   403    403   403  403  403    403  200    403    403    400    200     403     403
            agent    200     200   any    403   403   403    403   403  403  403    403  200    403    403    400    200     403     any
            manager  200     200   403    200   200   404    200   200  200  404    200  200    403    403    400    200     200     403
            granted  200     200   any    200   200   404    200   200  200  404    200  200    403    403    400    200     200     any
            operator 200     200   any    200   200   404    200   200  200  404    200  403    403    403    403    200     200     any
            """;

    private static final String OPEN = """
            call     inspect ports update start start start  start stop stop stop   stop report report report report settled restart plan
            target   -       -     -      own   other nobody new   own  other nobody new  own    other  nobody new    -       own     -
            none     401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            wrong    401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            foreign  401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            dynamic  401     401   401    401   401   401    401   401  401  401    401  401    401    401    401    401     401     401
            plain    200     200   any    200   200   404    200   200  200  404    200  200    200    404    400    200     200     any
            agent    200     200   any    200   200   404    200   200  200  404    200  200    200    404    400    200     200     any
            manager  200     200   any    200   200   404    200   200  200  404    200  200    200    404    400    200     200     any
            granted  200     200   any    200   200   404    200   200  200  404    200  200    200    404    400    200     200     any
            operator 200     200   any    200   200   404    200   200  200  404    200  200    200    404    400    200     200     any
            """;

    @Rule
    public final LiveFramework live = new LiveFramework();

    private final FakeEngine engine = new FakeEngine();
    private MasterComponent master;
    private Gateways gateways;
    private RestServer server;
    private HttpCaller services;
    private HttpCaller operator;

    @After
    public void stop() {
        services.close();
        operator.close();
        server.close();
        master.stop();
    }

    @Test
    public void strict() throws Exception {
        start("strict");
        check(STRICT);
    }

    @Test
    public void open() throws Exception {
        start("open");
        check(OPEN);
    }

    @Test
    public void aRefusalSaysWhatToGrant() throws Exception {
        start("strict");
        assertThat(call("plain", "PUT", "/v1/services/other/instances/x/start", "{}")
                        .text())
                .isEqualTo("service 'plain' may not start or stop instances: add permissions: [instances] to it in"
                        + " application.yml");
        assertThat(call("manager", "PUT", "/v1/system/update", "{}").text())
                .contains("'manager'", "permissions: [update]");
    }

    @Test
    public void aReportReplacesNothingThatTheGatewaySays() throws Exception {
        start("strict");
        String before = instance("plain").toString();
        String forged = "{\"name\":\"evil\",\"status\":\"failed\",\"reason\":\"evil\",\"start_time\":\"evil\","
                + "\"restarts\":99,\"process\":{\"id\":1,\"name\":\"init\"},\"container\":{\"id\":\"evil\"},"
                + "\"cpu_stats\":{\"used_percent\":99},\"mem_stats\":{\"used\":99},\"own\":{\"process\":1}}";
        assertThat(call("plain", "PUT", "/v1/services/plain/instances/plain/report", forged)
                        .status())
                .isEqualTo(200);
        Map<String, Object> after = instance("plain");
        assertThat(after.remove("own")).isEqualTo(Map.of("process", 1L));
        assertThat(after).hasToString(before);
    }

    @Test
    public void aConfigurationThatChangesWhatIsLoadedStartsNothing() throws Exception {
        start("strict");
        for (String key : List.of("LD_PRELOAD", "PATH", "PYTHONPATH", "OPENEDGE_SERVICE_TOKEN", "a-b")) {
            HttpAnswer answer =
                    call("manager", "PUT", "/v1/services/function/instances/f.1/start", "{\"" + key + "\":\"x\"}");
            assertThat(answer.status()).as(key).isEqualTo(400);
            assertThat(answer.text()).startsWith("'" + key + "' is not allowed here");
        }
        assertThat(json(call("operator", "GET", "/v1/system/inspect", "")).toString())
                .doesNotContain("f.1");
        assertThat(call(
                                "manager",
                                "PUT",
                                "/v1/services/function/instances/f.1/start",
                                "{\"OPENEDGE_SERVICE_ADDRESS\":\"127.0.0.1:1\",\"KEY\":\"x\"}")
                        .status())
                .isEqualTo(200);
    }

    private void check(String table) throws Exception {
        assertThat(call("operator", "PUT", "/v1/services/function/instances/f.9/start", "{}")
                        .status())
                .isEqualTo(200);
        List<String[]> rows = table.lines().map(line -> line.split(" +")).toList();
        List<String> wrong = new ArrayList<>();
        for (String[] row : rows.subList(2, rows.size())) {
            for (int column = 1; column < row.length; column++) {
                Cell cell = new Cell(row[0], rows.get(0)[column], rows.get(1)[column], row[column]);
                cell.check(wrong, call(cell.role, cell.method(), cell.path(), cell.body()));
                if (!List.of("report", "settled", "restart", "plan").contains(cell.call)) {
                    cell.check(wrong, call(cell.role, cell.method(), cell.path().substring(3), cell.body()));
                }
                cell.checkInFramework(wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void start(String permissions) throws Exception {
        Files.writeString(
                live.work().resolve("etc/openedge/openedge.yml"),
                "mode: osgi\ngrace: 2s\npidfile: var/run/openedge.pid\nserver: {address: 'unix://var/run/openedge.sock',"
                        + " permissions: " + permissions + "}\n");
        Files.writeString(live.work().resolve("var/db/openedge/application.yml"), APPLICATION);
        live.list("engine-osgi", "engine osgi");
        master = new MasterComponent(live.context());
        master.addEngine(engine, Map.of(Engine.NAME, "osgi"));
        await().atMost(Duration.ofSeconds(10)).until(() -> live.context().getServiceReference(Gateways.class) != null);
        gateways = live.context().getService(live.context().getServiceReference(Gateways.class));
        await().atMost(Duration.ofSeconds(10)).until(gateways.operator()::settled);
        server = new RestServer(gateways);
        services = new HttpCaller(ServerAddress.parse(gateways.server().address()));
        operator = new HttpCaller(new ServerAddress.Unix(gateways.server().operatorSocket()));
    }

    private HttpAnswer call(String role, String method, String path, String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpCall call = new HttpCall(method, path, headers(role), bytes, Duration.ofSeconds(10));
        return (role.equals("operator") ? operator : services).send(call).get(10, TimeUnit.SECONDS);
    }

    private Map<String, String> headers(String role) {
        return switch (role) {
            case "none", "operator" -> Map.of();
            case "wrong" -> Map.of("x-iot-edge-username", "granted", "x-iot-edge-password", "wrong");
            case "foreign" -> Map.of("x-iot-edge-username", "granted", "x-iot-edge-password", token("plain"));
            case "dynamic" ->
                Map.of(
                        "x-openedge-username",
                        "function",
                        "x-openedge-password",
                        engine.environmentOf("f.9").getOrDefault("OPENEDGE_SERVICE_TOKEN", ""));
            case "agent" -> Map.of("x-openedge-username", role, "x-openedge-password", token(role));
            default -> Map.of("x-iot-edge-username", role, "x-iot-edge-password", token(role));
        };
    }

    private String token(String service) {
        return engine.environmentOf(service).get("OPENEDGE_SERVICE_TOKEN");
    }

    private Map<String, Object> instance(String name) throws Exception {
        for (Object service : (List<?>)
                json(call("operator", "GET", "/v1/system/inspect", "")).get("services")) {
            for (Object instance : (List<?>) ((Map<?, ?>) service).get("instances")) {
                if (name.equals(((Map<?, ?>) instance).get("name"))) {
                    Map<String, Object> members = new TreeMap<>();
                    ((Map<?, ?>) instance).forEach((key, value) -> members.put(String.valueOf(key), value));
                    return members;
                }
            }
        }
        throw new AssertionError(name);
    }

    private static Map<String, ?> json(HttpAnswer answer) throws Exception {
        return Json.object(answer.body());
    }

    /** One cell of a table. */
    private final class Cell {
        private final String role;
        private final String call;
        private final String target;
        private final String expected;

        Cell(String role, String call, String target, String expected) {
            this.role = role;
            this.call = call;
            this.target = target;
            this.expected = expected;
        }

        void check(List<String> wrong, HttpAnswer answer) {
            int status = answer.status();
            boolean right =
                    expected.equals("any") ? status == 200 || status == 400 : status == Integer.parseInt(expected);
            if (!right) {
                wrong.add(role + " " + path() + ": " + status + " " + answer.text() + ", not " + expected);
            }
        }

        /** A module of the framework has no socket and no token, but the same rights. */
        void checkInFramework(List<String> wrong) {
            if (List.of("none", "wrong", "foreign").contains(role)) {
                return;
            }
            int status = inFramework();
            String dynamic = call.equals("ports") ? "200" : "403"; // its engine asks for a port to serve on
            String same = role.equals("dynamic") ? dynamic : expected;
            boolean right = same.equals("any") ? status == 200 || status == 400 : status == Integer.parseInt(same);
            if (!right) {
                wrong.add(role + " in the framework, " + path() + ": " + status + ", not " + same);
            }
        }

        private int inFramework() {
            Gateway gateway = role.equals("operator")
                    ? gateways.operator()
                    : engine.gatewayOf(role.equals("dynamic") ? "f.9" : role);
            try {
                Object result = switch (call) {
                    case "inspect" -> gateway.inspect();
                    case "ports" -> gateway.availablePort();
                    case "update" -> gateway.update("none");
                    case "plan" -> gateway.plan("none");
                    case "settled" -> gateway.settled();
                    case "start" -> gateway.startInstance(service(), instance(), Map.of());
                    case "stop" -> gateway.stopInstance(service(), instance());
                    case "restart" -> gateway.restart(service());
                    default -> {
                        gateway.report(service(), instance(), Map.of("a", 1));
                        yield "";
                    }
                };
                if (result instanceof CompletionStage<?> stage) {
                    stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
                }
                return 200;
            } catch (GatewayException refused) {
                return status(refused);
            } catch (CompletionException e) {
                return e.getCause() instanceof GatewayException refused ? status(refused) : 500;
            }
        }

        private static int status(GatewayException refused) {
            return switch (refused.kind()) {
                case FORBIDDEN -> 403;
                case NOT_FOUND -> 404;
                case INVALID, UNSUPPORTED -> 400;
            };
        }

        String method() {
            return List.of("inspect", "ports", "settled").contains(call) ? "GET" : "PUT";
        }

        String body() {
            return switch (call) {
                case "update" -> "{\"path\":\"none\"}";
                case "start" -> "{}";
                case "report" -> "{\"a\":1}";
                default -> "";
            };
        }

        String path() {
            return switch (call) {
                case "inspect", "update" -> "/v1/system/" + call;
                case "ports" -> "/v1/ports/available";
                case "settled" -> prefix() + "/settled";
                case "plan" -> prefix() + "/update/plan";
                case "restart" -> prefix() + "/services/" + service() + "/restart";
                default -> "/v1/services/" + service() + "/instances/" + instance() + "/" + call;
            };
        }

        private String prefix() {
            return role.equals("operator") ? "/v1/operator" : "/v1/gateway";
        }

        private String service() {
            boolean hasOwn = List.of("plain", "agent", "manager", "granted").contains(role);
            return switch (target) {
                case "own", "new" -> hasOwn ? role : "plain";
                default -> target;
            };
        }

        private String instance() {
            return target.equals("new") ? service() + ".new" + (call.equals("report") ? ".none" : "") : service();
        }
    }
}
