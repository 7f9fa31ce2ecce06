package io.openedge.remote.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.util.List;
import org.junit.Before;
import org.junit.Test;

/** What is an echo, and what only looks like one. */
public class EchoesTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final Echoes echoes =
            new Echoes(List.of(new MqttSubscription("a/#", 2), new MqttSubscription("b/+", 0)), () -> now);

    @Before
    public void connected() {
        echoes.connected();
    }

    private static MqttMessage message(String topic, String text, int qos) {
        return new MqttMessage(topic, text.getBytes(UTF_8), qos, false);
    }

    @Test
    public void asManyAsWereExpectedAndNoMore() {
        echoes.expect(message("a/1", "x", 1));
        echoes.expect(message("a/1", "x", 1));

        assertThat(echoes.heard(message("a/1", "y", 1))).isFalse();
        assertThat(echoes.heard(message("a/2", "x", 1))).isFalse();
        assertThat(echoes.heard(message("a/1", "x", 1))).isTrue();
        assertThat(echoes.heard(message("a/1", "x", 1))).isTrue();
        assertThat(echoes.heard(message("a/1", "x", 1))).isFalse();
    }

    @Test
    public void whatTheSessionDoesNotHearHasNone() {
        echoes.expect(message("c", "x", 1));

        assertThat(echoes.cover("c")).isFalse();
        assertThat(echoes.heard(message("c", "x", 1))).isFalse();
    }

    @Test
    public void aRetainedMessageIsNone() {
        echoes.expect(message("a/1", "x", 1));

        assertThat(echoes.heard(new MqttMessage("a/1", "x".getBytes(UTF_8), 1, true)))
                .isFalse();
        assertThat(echoes.heard(message("a/1", "x", 1))).isTrue();
    }

    @Test
    public void anEchoThatDoesNotComeIsNotWaitedForLongerThanAMinute() {
        echoes.expect(message("a/1", "x", 1));
        now += 59 * SECOND;
        echoes.expect(message("a/2", "x", 1));
        now += SECOND;

        assertThat(echoes.heard(message("a/1", "x", 1))).isFalse();
        assertThat(echoes.heard(message("a/2", "x", 1))).isTrue();
    }

    @Test
    public void oneInAKeptSessionMayComeLongAfterAnOutageOneOfQos0IsGoneWithTheConnection() {
        echoes.expect(message("a/1", "kept", 1));
        echoes.expect(message("a/1", "gone", 0));
        echoes.expect(message("b/1", "gone: the subscription is of QoS 0", 1));
        echoes.disconnected();
        now += 3600 * SECOND;
        echoes.expect(message("b/1", "there is no connection", 0));
        echoes.expect(message("a/1", "kept too", 2));
        echoes.connected();
        now += 30 * SECOND;

        assertThat(echoes.heard(message("a/1", "kept", 1))).isTrue();
        assertThat(echoes.heard(message("a/1", "kept too", 2))).isTrue();
        assertThat(echoes.heard(message("a/1", "gone", 0))).isFalse();
        assertThat(echoes.heard(message("b/1", "gone: the subscription is of QoS 0", 0)))
                .isFalse();
        assertThat(echoes.heard(message("b/1", "there is no connection", 0))).isFalse();
    }

    @Test
    public void onlySoManyAreNoted() {
        for (int i = 0; i < 20_001; i++) {
            echoes.expect(message("a/1", "m" + i, 1));
        }

        assertThat(echoes.heard(message("a/1", "m0", 1))).isFalse();
        assertThat(echoes.heard(message("a/1", "m1", 1))).isTrue();
        assertThat(echoes.heard(message("a/1", "m20000", 1))).isTrue();
    }
}
