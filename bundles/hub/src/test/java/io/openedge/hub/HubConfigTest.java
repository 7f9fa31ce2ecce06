package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.transport.ListenAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** The hub's service.yml. */
public class HubConfigTest {
    private final List<String> warnings = new ArrayList<>();

    private HubConfig read(String... lines) throws ConfigException {
        return ConfigReader.read(
                String.join("\n", lines), "service.yml", HubConfig.class, warning -> warnings.add(warning.message()));
    }

    @Test
    public void every_key_is_known() throws ConfigException {
        HubConfig config = read(
                "listen: [tcp://0.0.0.0:1883, ssl://0.0.0.0:1884, ws://:8080/mqtt, wss://:8884/mqtt]",
                "certificate: {ca: ca.pem, cert: server.pem, key: server.key, match: subject}",
                "principals:",
                "  - {username: test, password: 0777, permissions: [{action: pub, permit: ['#']}, {action: sub, permit: ['#']}]}",
                "  - {username: two-way-tls, permissions: [{action: pub, permit: ['tls/#']}]}",
                "subscriptions:",
                "  - {source: {topic: t, qos: 0}, target: {topic: t/topic, qos: 2}}",
                "message:",
                "  length: {max: 64k}",
                "  ingress: {qos0: {buffer: {size: 1}}, qos1: {buffer: {size: 2}, batch: {max: 3}, cleanup: {retention: 4h, interval: 5m}}}",
                "  egress: {qos0: {buffer: {size: 6}}, qos1: {buffer: {size: 7}, batch: {max: 8}, retry: {interval: 9s}}}",
                "  offset: {buffer: {size: 10}, batch: {max: 11}}",
                "limits:",
                "  topic: {length: 1000, slashes: 20}",
                "  clientid: {length: 64, pattern: '[a-z]*'}",
                "  connections: {max: 50, address: 5, strangers: 10, timeout: 3s, packet: 2k}",
                "  sessions: {max: 70, filters: 7, waiting: 8}",
                "  retained: {max: 9}",
                "status: {logging: {enable: true, interval: 2m}}",
                "metrics: {report: {interval: 3m}, listen: '127.0.0.1:9105'}",
                "storage: {dir: var/db/data}",
                "shutdown: {timeout: 4m}",
                "logger: {path: var/log/openedge/service.log, level: debug}");
        assertThat(warnings).isEmpty();
        assertThat(config.principals().get(0).password()).isEqualTo("0777");
        assertThat(config.principals().get(1).permissions().get(0).action()).isEqualTo(Action.PUB);
        assertThat(config.subscriptions().get(0).target().qos()).isEqualTo(2);
        assertThat(config.message().length().max().bytes()).isEqualTo(65_536);
        assertThat(config.message().egress().qos1().retry().interval()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.limits().clientid().pattern()).isEqualTo("[a-z]*");
        assertThat(config.limits().connections().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.shutdown().timeout()).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    public void what_is_absent_or_zero_takes_the_default() throws ConfigException {
        HubConfig config = read("message: {egress: {qos1: {retry: {interval: 0}, buffer: {size: 0}}}}");
        assertThat(config.message()).isEqualTo(MessageConfig.DEFAULT);
        assertThat(config.message().length().max().bytes()).isEqualTo(32 * 1024);
        assertThat(config.message().ingress().qos0().buffer().size()).isEqualTo(10_000);
        assertThat(config.message().egress().qos1().buffer().size()).isEqualTo(100);
        assertThat(config.message().egress().qos1().retry().interval()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.shutdown().timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.storage().dir()).isEqualTo("var/db/openedge/data");
        assertThat(config.limits()).isEqualTo(LimitsConfig.DEFAULT);
        assertThat(config.limits().topic().limits()).isEqualTo(new TopicLimits(255, 8));
        assertThat(config.principals()).isEmpty();
    }

    @Test
    public void a_wrong_value_is_named_with_line_and_key() {
        refused("listen[1]", "listen:", "- tcp://:1883", "- mqtt://:1884");
        refused("limits.topic.length", "limits: {topic: {length: 65536}}");
        refused("limits.clientid.pattern", "limits: {clientid: {pattern: '['}}");
        refused("limits.connections.timeout", "limits: {connections: {timeout: 1h}}");
        refused("limits.sessions.filters", "limits: {sessions: {filters: -1}}");
        refused(
                "subscriptions[0].target.topic",
                "limits: {topic: {slashes: 1}}",
                "subscriptions: [{source: {topic: a}, target: {topic: a/b/c}}]");
        refused("principals[0].password", "principals: [{username: u, password: '{bcrypt}$2b$31$abc'}]");
        refused(
                "principals[0].password",
                "principals: [{username: u, password: '{pbkdf2}sha256:1:c2FsdA==:aGFzaA=='}]");
        refused("metrics.listen", "metrics: {listen: nowhere}");
        refused("listen[0]", "listen: ['tcp://:99999']");
        refused("message.length.max", "message: {length: {max: 1g}}");
        refused("subscriptions[0].source.qos", "subscriptions: [{source: {topic: a, qos: 3}, target: {topic: b}}]");
        refused(
                "subscriptions[1]",
                "subscriptions:",
                "- {source: {topic: a}, target: {topic: b}}",
                "- {source: {topic: b}, target: {topic: a}}");
        refused("permit[0]", "principals: [{username: u, permissions: [{action: pub, permit: ['a#']}]}]");
        refused("principals[1].username", "principals: [{username: u}, {username: u}]");
    }

    private void refused(String key, String... lines) {
        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageMatching("(?s)service\\.yml:\\d+.*");
    }

    @Test
    public void addresses_of_listeners() {
        assertThat(ListenAddress.parse("tcp://[::1]:0").orElseThrow().host()).isEqualTo("::1");
        assertThat(ListenAddress.parse("ws://:8080/mqtt").orElseThrow().path()).isEqualTo("/mqtt");
        assertThat(ListenAddress.parse("tcp://host:1883/path")).isEmpty();
        assertThat(ListenAddress.parse("tcp://host")).isEmpty();
    }

    @Test
    public void a_password_is_not_in_the_text_of_a_configuration() throws ConfigException {
        assertThat(read("principals: [{username: u, password: secret}]").toString())
                .doesNotContain("secret");
    }
}
