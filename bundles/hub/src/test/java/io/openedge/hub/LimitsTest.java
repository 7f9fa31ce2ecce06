package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.LimitsConfig.ClientId;
import io.openedge.hub.LimitsConfig.Connections;
import io.openedge.hub.LimitsConfig.Retained;
import io.openedge.hub.LimitsConfig.Sessions;
import io.openedge.hub.LimitsConfig.TopicConfig;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.session.Limits;
import java.io.IOException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** A hub whose service.yml sets limits of its own. */
public class LimitsTest {
    private static final LimitsConfig CONFIG = new LimitsConfig(
            new TopicConfig(300, 10),
            new ClientId(10, "[a-z/]*"),
            new Connections(50, 3, 40, Duration.ofMillis(300), null),
            new Sessions(0, 2, 0),
            new Retained(1));

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(), Limits.of(HubFixture.config().message(), CONFIG, HubFixture.MEMORY.session()));

    @Test
    public void topics_may_be_as_long_and_deep_as_it_says() throws IOException {
        RawClient client = hub.client("a");
        String deep = "/".repeat(10);
        assertThat(client.subscribe(0, deep)).isZero();
        assertThat(client.subscribe(0, deep + "/")).isEqualTo(0x80);
        String topic = "x".repeat(300);
        assertThat(client.subscribe(0, topic)).isZero();
        client.publish(topic, "long");
        assertThat(client.message().payload()).isEqualTo("long");
        client.publish(topic + "x", "too long");
        client.expectClosed();
    }

    @Test
    public void client_ids_follow_the_pattern_and_the_length() throws IOException {
        hub.client("a/b");
        for (String id : new String[] {"A", "abcdefghijk"}) {
            RawClient client = hub.open();
            assertThat(client.connect(new Connect(id)).body()[1]).isEqualTo((byte) 2);
        }
    }

    @Test
    public void one_address_has_no_more_connections_than_allowed() throws IOException {
        hub.client("a");
        hub.client("b");
        RawClient third = hub.client("c");
        hub.open().expectClosed();
        third.send(Packets.DISCONNECT);
        third.expectClosed();
        await().ignoreExceptions().until(() -> hub.client("e") != null);
    }

    @Test
    public void who_does_not_log_in_in_time_is_closed() throws IOException {
        hub.open().expectClosed();
    }

    @Test
    public void a_session_has_no_more_filters_than_allowed() throws IOException {
        RawClient client = hub.client("a");
        assertThat(client.subscribe(0, "one")).isZero();
        assertThat(client.subscribe(0, "two")).isZero();
        assertThat(client.subscribe(0, "three")).isEqualTo(0x80);
        assertThat(client.subscribe(1, "two")).as("no further one").isEqualTo(1);
    }

    @Test
    public void retained_messages_end_at_their_number() throws IOException {
        RawClient client = hub.client("a");
        client.publishSafely("one", "kept", true, 1);
        client.publishSafely("two", "not kept", true, 2);
        assertThat(client.subscribe(0, "+")).isZero();
        assertThat(client.message().payload()).isEqualTo("kept");
        client.expectNothing();
    }
}
