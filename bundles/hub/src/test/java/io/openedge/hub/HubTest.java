package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** A message goes in and comes out. */
public class HubTest {
    @Rule
    public final HubFixture hub = new HubFixture();

    @Test
    public void a_message_reaches_a_subscriber() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        assertThat(subscriber.subscribe(0, "a/b")).isZero();

        hub.client("publisher").publish("a/b", "hello");

        assertThat(subscriber.message()).isEqualTo(new RawClient.Published("a/b", "hello", 0, false, false, 0));
    }

    @Test
    public void a_message_of_qos_1_is_acknowledged_and_delivered_with_an_id() throws IOException {
        RawClient subscriber = hub.client("subscriber");
        assertThat(subscriber.subscribe(1, "+/b")).isEqualTo(1);

        hub.client("publisher").publishSafely("a/b", "hello", false, 7);

        assertThat(subscriber.message().qos()).isEqualTo(1);
    }

    @Test
    public void a_subscription_to_qos_2_is_granted() throws IOException {
        assertThat(hub.client("subscriber").subscribe(2, "a")).isEqualTo(2);
    }
}
