package io.openedge.mqtt.client;

import static io.openedge.mqtt.client.Clients.config;
import static io.openedge.mqtt.client.Clients.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.mqtt.MqttClient;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Messages of QoS 2 at a broker that does not release at once the packet ids of an earlier process. */
public class StaleIdsTest {
    @Rule
    public final Clients clients = new Clients();

    private final Recorder recorder = new Recorder(true);

    @Test
    public void aBrokerThatNeverAnswersForUnknownIdsStillGetsItsMessages() throws Exception {
        publishTwice(false);
    }

    @Test
    public void answersThatComeLateAreNotThoseToNewMessages() throws Exception {
        publishTwice(true);
    }

    private void publishTwice(boolean answering) throws Exception {
        try (LateBroker broker = new LateBroker(answering)) {
            MqttClient client = clients.connect(config("tcp://127.0.0.1:" + broker.port(), "a"), recorder);
            assertThat(recorder.nextState()).isEqualTo("connected");
            for (String text : new String[] {"first", "second"}) {
                client.publish(message("t", text, 2)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
            assertThat(recorder.states).isEmpty();
            assertThat(broker.connections()).isEqualTo(1);
        }
    }
}
