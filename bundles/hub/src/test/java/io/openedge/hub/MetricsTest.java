package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

/** What the hub tells of itself. */
public class MetricsTest {
    @Rule
    public final HubFixture hub = new HubFixture(config(), HubFixture.defaults());

    private final AtomicReference<Map<String, Object>> reported = new AtomicReference<>(Map.of());

    private static HubConfig config() {
        HubConfig usual = HubFixture.config();
        PrincipalConfig test = usual.principals().get(0);
        PrincipalConfig operator =
                new PrincipalConfig("operator", "pass", List.of(new PermissionConfig(Action.SUB, List.of("$SYS/#"))));
        return new HubConfig(
                usual.listen(),
                null,
                List.of(test, operator),
                null,
                usual.message(),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private void report() {
        hub.server().report(Duration.ofMillis(50), values -> reported.set(Map.copyOf(values)));
    }

    private RawClient operator() throws IOException {
        return hub.client(new Connect("operator").user("operator", "pass"));
    }

    private Object value(String key) {
        return reported.get().get("hub") instanceof Map<?, ?> values ? values.get(key) : null;
    }

    private static RawClient.Published next(RawClient client, String topic) throws IOException {
        RawClient.Published message = client.message();
        while (!message.topic().equals(topic)) {
            message = client.message();
        }
        return message;
    }

    @Test
    public void the_report_counts_what_clients_did() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        subscriber.subscribe(1, "t/+");
        RawClient publisher = hub.client("publisher");
        publisher.publish("t/a", "12345");
        publisher.publishSafely("t/b", "123", true, 1);
        publisher.publishSafely("other", "1", false, 2);
        subscriber.message();
        subscriber.message();
        report();
        await().until(() -> Long.valueOf(2).equals(value("messages_received_qos1")));
        assertThat(value("messages_received_qos0")).isEqualTo(1L);
        assertThat(value("bytes_received")).isEqualTo(9L);
        await().until(() -> Long.valueOf(8).equals(value("bytes_sent")));
        assertThat(value("messages_sent_qos0")).isEqualTo(1L);
        assertThat(value("messages_sent_qos1")).isEqualTo(1L);
        assertThat(value("clients_connected")).isEqualTo(2L);
        assertThat(value("subscriptions")).isEqualTo(1L);
        assertThat(value("messages_dropped_full")).isEqualTo(0L);
        subscriber.send(Packets.DISCONNECT);
        await().until(() -> Long.valueOf(0).equals(value("subscriptions")));
    }

    @Test
    public void who_may_reads_them_retained_and_live() throws IOException {
        report();
        await().until(() -> value("uptime_seconds") != null);
        RawClient operator = operator();
        assertThat(operator.subscribe(0, "$SYS/broker/#")).isZero();
        assertThat(next(operator, "$SYS/broker/version").payload()).startsWith("openedge-hub");
    }

    @Test
    public void live_numbers_follow() throws IOException {
        report();
        RawClient operator = operator();
        assertThat(operator.subscribe(0, "$SYS/broker/clients/connected")).isZero();
        await().until(() -> operator.message().payload().equals("1"));
        hub.client("another");
        await().until(() -> operator.message().payload().equals("2"));
    }

    @Test
    public void prometheus_reads_them() throws Exception {
        int port = hub.server().expose("127.0.0.1:0").getPort();
        hub.client("c").publishSafely("t", "12", true, 1);
        HttpClient client = HttpClient.newHttpClient();
        URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
        await().untilAsserted(() -> assertThat(
                        client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                                .body())
                .contains("# TYPE openedge_hub_messages_received_total counter")
                .contains("openedge_hub_messages_received_total{qos=\"1\"} 1\n")
                .contains("openedge_hub_retained_messages 1\n"));
        HttpRequest other = HttpRequest.newBuilder(metrics.resolve("/other")).build();
        assertThat(client.send(other, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(404);
    }

    @Test
    public void a_leading_wildcard_does_not_reach_them() throws IOException {
        report();
        await().until(() -> value("uptime_seconds") != null);
        RawClient client = hub.client("c");
        assertThat(client.subscribe(0, "$SYS/#")).isEqualTo(0x80);
        assertThat(client.subscribe(0, "#")).isZero();
        assertThat(client.subscribe(0, "+/#")).isZero();
        client.expectNothing();
    }
}
