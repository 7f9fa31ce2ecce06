package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ByteSize;
import io.openedge.app.ConfigException;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttSubscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;

/** Every file of applications that were written for the old releases loads as it is. */
public class OldFilesTest {
    private static final Path COMPAT = Path.of("../../integration-tests/src/test/resources/compat");

    private final List<Warning> warnings = new ArrayList<>();

    record Limit<T>(T max) {}

    record Length(Limit<ByteSize> length) {}

    record Hub(
            List<String> listen,
            Certificate certificate,
            List<Principal> principals,
            List<Route> subscriptions,
            Message message,
            LoggerConfig logger) {}

    record Certificate(String ca, String cert, String key) {}

    record Principal(String username, String password, List<Permission> permissions) {}

    record Permission(Action action, List<String> permit) {}

    enum Action {
        PUB,
        SUB
    }

    record Route(MqttSubscription source, MqttSubscription target) {}

    record Message(Limit<ByteSize> length, Egress egress) {}

    record Egress(Qos1 qos1) {}

    record Qos1(Retry retry) {}

    record Retry(Duration interval) {}

    record Manager(MqttClientConfig hub, List<Rule> rules, List<Function> functions, LoggerConfig logger) {}

    record Rule(
            String clientId,
            MqttSubscription subscribe,
            Name function,
            MqttSubscription publish,
            Limit<Integer> retry) {}

    record Name(String name) {}

    record Function(String name, String service, Pool instance, Length message) {}

    record Pool(int min, Integer max, Duration idleTime) {}

    record Runtime(List<Code> functions) {}

    record Code(String name, String handler, Path codeDir) {}

    record Timer(MqttClientConfig hub, Tick timer, Publish publish) {}

    record Tick(Duration interval) {}

    record Publish(String topic, int qos, Map<String, Object> payload) {}

    private <T extends Record> T read(String file, Class<T> type) throws ConfigException {
        return ConfigReader.read(COMPAT.resolve(file), type, warnings::add);
    }

    @Test
    public void everyFileLoadsWithoutAWarning() throws Exception {
        try (Stream<Path> files = Files.walk(COMPAT)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                ConfigReader.read(file, typeOf(file), warnings::add);
            }
        }
        assertThat(warnings).isEmpty();
    }

    private static Class<? extends Record> typeOf(Path file) {
        return switch (file.getParent().getFileName() + "/" + file.getFileName()) {
            case "openedge/openedge.yml" -> GatewayConfig.class;
            case "openedge/application.yml" -> io.openedge.app.AppConfig.class;
            case "localhub-conf/service.yml" -> Hub.class;
            case "function-manager-conf/service.yml" -> Manager.class;
            case "function-sayhi-conf/service.yml" -> Runtime.class;
            case "timer-conf/service.yml" -> Timer.class;
            default -> throw new AssertionError(file);
        };
    }

    @Test
    public void openedgeYmlIsRead() throws Exception {
        GatewayConfig config = read("old-docker/etc/openedge/openedge.yml", GatewayConfig.class);

        assertThat(config.mode().word()).isEqualTo("docker");
        assertThat(config.grace()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.logger().level()).isEqualTo(LoggerConfig.Level.DEBUG);
        assertThat(config.logger().path()).isEqualTo("var/log/openedge/openedge.log");
        assertThat(config.logger().size().max()).isEqualTo(50);
    }

    @Test
    public void theHubsFileIsRead() throws Exception {
        Hub hub = read("old-docker/var/db/openedge/localhub-conf/service.yml", Hub.class);

        assertThat(hub.message().length().max()).isEqualTo(new ByteSize(64 << 10));
        assertThat(hub.message().egress().qos1().retry().interval()).isNull();
        assertThat(hub.principals().get(0).permissions().get(1)).isEqualTo(new Permission(Action.SUB, List.of("#")));
        assertThat(hub.subscriptions())
                .containsExactly(new Route(new MqttSubscription("t", 0), new MqttSubscription("t/topic", 0)));
    }

    @Test
    public void theFunctionManagersFileIsRead() throws Exception {
        Manager manager = read("old-docker/var/db/openedge/function-manager-conf/service.yml", Manager.class);

        assertThat(manager.hub().address()).isEqualTo("tcp://localhub:1883");
        assertThat(manager.hub().keepAlive()).isEqualTo(Duration.ofMinutes(1));
        assertThat(manager.rules().get(1).retry().max()).isNull();
        assertThat(manager.functions().get(0).instance()).isEqualTo(new Pool(0, 10, Duration.ofMinutes(1)));
        assertThat(manager.functions().get(1).instance().max()).isNull();
        assertThat(manager.functions().get(1).message().length().max()).isEqualTo(new ByteSize(4 << 20));
    }

    @Test
    public void theTimersPayloadIsWhatJsonWouldSay() throws Exception {
        Timer timer = read("old-docker/var/db/openedge/timer-conf/service.yml", Timer.class);

        assertThat(timer.publish().payload()).isEqualTo(Map.of("id", 1L));
        assertThat(timer.timer().interval()).isEqualTo(Duration.ofSeconds(10));
    }
}
