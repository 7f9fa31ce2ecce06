package io.openedge.remote.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What a configuration means, and what is said of a wrong one. */
public class BridgeConfigTest {
    private static final String HUB = "hub: {address: 'tcp://localhub:1883'}";
    private static final String REMOTES = "remotes: [{name: cloud, address: 'ssl://cloud:8883'}]";
    private static final String SUBSCRIBED = "hub: {subscriptions: [{topic: t}]}";

    private final List<String> warnings = new ArrayList<>();

    private BridgeConfig read(String... lines) throws ConfigException {
        return ConfigReader.read(
                String.join("\n", lines),
                "service.yml",
                BridgeConfig.class,
                warning -> warnings.add(warning.message()));
    }

    @Test
    public void anOldFileMeansWhatItMeant() throws Exception {
        BridgeConfig config = read(
                "name: bridge",
                HUB,
                "rules:",
                "  - hub: {subscriptions: [{topic: t1, qos: 1}]}",
                "    remote: {name: cloud, subscriptions: [{topic: t2, qos: 1}]}",
                "remotes: [{name: cloud, address: 'ssl://cloud:8883', clientid: edge-1, keepalive: 0, interval: 90s,"
                        + " cleansession: false, validatesubs: true, buffersize: 7}]");

        MqttClientConfig remote = config.remotes().get(0).connection();
        assertThat(remote.clientId()).isEqualTo("edge-1");
        assertThat(remote.keepAlive()).isEqualTo(Duration.ofMinutes(1));
        assertThat(remote.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(remote.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(remote.validateSubs()).isTrue();
        assertThat(remote.bufferSize()).isEqualTo(7);
        assertThat(warnings).singleElement().asString().contains("name");
    }

    @Test
    public void clientIds() throws Exception {
        BridgeConfig config = read(
                HUB,
                "remotes: [{name: one, address: 'tcp://a:1'}, {name: two, address: 'tcp://b:1', clientid: second}]",
                "rules:",
                "  - {hub: {subscriptions: [{topic: t}]}, remote: {name: one}}",
                "  - {hub: {subscriptions: [{topic: t}]}, remote: {name: two}}",
                "  - {hub: {subscriptions: [{topic: t}]}, remote: {name: two, clientid: third}}",
                "  - {hub: {clientid: near, subscriptions: [{topic: t}]}, remote: {name: two, clientid: far}}");

        List<String> ids = new ArrayList<>();
        for (RuleConfig rule : config.rules()) {
            RemoteConfig remote = config.remotes().get(rule.remote().name().equals("one") ? 0 : 1);
            ids.add(BridgeConfig.hubClientId(rule, remote, 0) + " " + BridgeConfig.remoteClientId(rule, remote, 0));
        }
        assertThat(ids).containsExactly("one one", "second second", "third third", "near far");
    }

    @Test
    public void theVersionIsTheNewestThatTheRemoteSpeaksAndOldAtTheHub() throws Exception {
        BridgeConfig config = read(
                HUB,
                "remotes:",
                "  - {name: a, address: 'tcp://a:1'}",
                "  - {name: b, address: 'tcp://a:1', version: auto}",
                "  - {name: c, address: 'tcp://a:1', version: 5}",
                "  - {name: d, address: 'tcp://a:1', version: 3.1.1}");

        assertThat(config.hub().versions()).containsExactly(MqttVersion.V3_1_1);
        assertThat(config.remotes().stream().map(each -> each.connection().versions()))
                .containsExactly(
                        List.of(MqttVersion.V5, MqttVersion.V3_1_1),
                        List.of(MqttVersion.V5, MqttVersion.V3_1_1),
                        List.of(MqttVersion.V5),
                        List.of(MqttVersion.V3_1_1));
    }

    @Test
    public void wrongValuesAreNamed() {
        refuses("hub", REMOTES);
        refuses("remotes[0].name", HUB, "remotes: [{address: 'tcp://a:1'}]");
        refuses("remotes[0].address", HUB, "remotes: [{name: a, address: 'http://a'}]");
        refuses("remotes[0].version", HUB, "remotes: [{name: a, address: 'tcp://a:1', version: 4}]");
        refuses("auto, 5 or 3.1.1", HUB, "remotes: [{name: a, address: 'tcp://a:1', version: 4}]");
        refuses("remotes[1].name", HUB, "remotes: [{name: a, address: 'tcp://a:1'}, {name: a, address: 'tcp://b:1'}]");
        refuses("rules[0].remote", HUB, REMOTES, "rules: [{" + SUBSCRIBED + "}]");
        refuses("rules[0].remote.name", HUB, REMOTES, "rules: [{" + SUBSCRIBED + ", remote: {name: other}}]");
        refuses("rules[0].hub.subscriptions", HUB, REMOTES, "rules: [{remote: {name: cloud}}]");
        refuses("subscriptions[0].topic", HUB, REMOTES, rule("subscriptions: [{topic: a/#/b}]"));
        refuses("subscriptions[0].topic", HUB, REMOTES, rule("subscriptions: [{topic: $share/group}]"));
        refuses("subscriptions[0].qos", HUB, REMOTES, rule("subscriptions: [{topic: a, qos: 3}]"));
        refuses("rules[0].hub.prefix", HUB, REMOTES, rule("subscriptions: [{topic: a}], prefix: 'a/+/'"));
        refuses("rules[0].hub.strip", HUB, REMOTES, rule("subscriptions: [{topic: a}], strip: '#'"));
        refuses("rules[0].hub.priority[0]", HUB, REMOTES, rule("subscriptions: [{topic: a/#}], priority: [b]"));
        String same = "{" + SUBSCRIBED + ", remote: {name: cloud}}";
        refuses("rules[1].remote.clientid", HUB, REMOTES, "rules: [" + same + ", " + same + "]");
        refuses(
                "rules[1].hub.clientid",
                HUB,
                REMOTES,
                "rules: [" + same
                        + ", {hub: {clientid: cloud, subscriptions: [{topic: t}]}, remote: {name: cloud, clientid: b}}]");
    }

    @Test
    public void theClientIdOfAPriorityClassIsItsOwnToo() {
        String first = "{hub: {subscriptions: [{topic: a/#}], priority: [a/b]}, remote: {name: cloud}}";
        refuses(
                "rules[1].remote.clientid",
                HUB,
                REMOTES,
                "rules: [" + first + ", {" + SUBSCRIBED + ", remote: {name: cloud, clientid: cloud-p1}}]");
        refuses(
                "rules[1].hub.clientid",
                HUB,
                REMOTES,
                "rules: [" + first + ", {hub: {clientid: cloud-p1, subscriptions: [{topic: t}]},"
                        + " remote: {name: cloud, clientid: b}}]");
    }

    private static String rule(String hub) {
        return "rules: [{hub: {" + hub + "}, remote: {name: cloud}}]";
    }

    private void refuses(String key, String... lines) {
        assertThatThrownBy(() -> read(lines))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("service.yml")
                .hasMessageContaining(key);
    }
}
