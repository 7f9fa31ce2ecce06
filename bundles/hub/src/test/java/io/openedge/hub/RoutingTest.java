package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.Packets.Connect;
import io.openedge.hub.RawClient.Published;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Rules that publish a message again on another topic. */
public class RoutingTest {
    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(
                    HubFixture.rule("t", 0, "t/topic", 0),
                    HubFixture.rule("safe/+", 1, "step", 1),
                    HubFixture.rule("step", 1, "end", 1)),
            HubFixture.defaults());

    @Test
    public void a_message_comes_on_its_topic_and_on_the_target() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(1, "t/#");
        hub.client("publisher").publishSafely("t", "x", false, 1);
        Map<String, Integer> got = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            Published message = client.message();
            got.put(message.topic(), message.qos());
        }
        assertThat(got).isEqualTo(Map.of("t", 1, "t/topic", 0));
        client.expectNothing();
    }

    @Test
    public void a_routed_message_is_routed_again() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(1, "end");
        hub.client("publisher").publishSafely("safe/x", "far", false, 1);
        Published message = client.message();
        assertThat(message.payload()).isEqualTo("far");
        assertThat(message.qos()).isEqualTo(1);
    }

    @Test
    public void a_subscription_made_later_is_seen_by_a_publisher_that_published_before() throws IOException {
        RawClient publisher = hub.client("publisher");
        publisher.publish("t", "nobody hears");
        publisher.expectNothing();
        RawClient client = hub.client("c");
        client.subscribe(0, "t/topic");
        publisher.publish("t", "heard");
        assertThat(client.message().payload()).isEqualTo("heard");
        client.send(Packets.unsubscribe(2, "t/topic"));
        client.expect(11);
        publisher.publish("t", "not heard");
        publisher.expectNothing();
        client.expectNothing();
    }

    @Test
    public void a_will_is_routed_too() throws IOException {
        RawClient client = hub.client("c");
        client.subscribe(0, "t/topic");
        hub.client(new Connect("mortal").will("t", "gone", 0, false)).close();
        assertThat(client.message().payload()).isEqualTo("gone");
    }
}
