package io.openedge.mqtt.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

/** What goes past the library, what is left to it, and that neither is cut or changes its place. */
public class DirectLaneTest {
    private static final String CONNACK = "20020000";
    private static final String QOS_0 = "3005" + "0001" + "74" + "6d31"; // topic t, payload m1
    private static final String RETAINED = "3105" + "0001" + "75" + "6d32"; // topic u, payload m2
    private static final String QOS_1 = "3207" + "0001" + "74" + "0009" + "6d33";
    private static final String PUBACK = "40020001";

    private final List<String> seen = new ArrayList<>();

    private EmbeddedChannel channel() {
        return channel(MqttVersion.V3_1_1);
    }

    private EmbeddedChannel channel(MqttVersion version) {
        DirectOutbox outbox = new DirectOutbox(Runnable::run, new OutboxLimits());
        return new EmbeddedChannel(new DirectLane(this::receive, outbox, version));
    }

    private void receive(MqttMessage message) {
        seen.add(message.topic() + " " + new String(message.payload(), UTF_8) + (message.retain() ? " retained" : ""));
    }

    private void read(EmbeddedChannel channel, byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
        for (ByteBuf left = channel.readInbound(); left != null; left = channel.readInbound()) {
            byte[] packet = new byte[left.readableBytes()];
            left.readBytes(packet);
            left.release();
            seen.add(HexFormat.of().formatHex(packet));
        }
    }

    private static byte[] bytes(String... packets) {
        return HexFormat.of().parseHex(String.join("", packets));
    }

    @Test
    public void messagesOfQos0GoPastAndTheRestStaysInPlaceHoweverTheBytesAreCut() {
        byte[] all = bytes(CONNACK, QOS_0, PUBACK, RETAINED, QOS_1, QOS_0);
        for (int cut = 0; cut <= all.length; cut++) {
            seen.clear();
            EmbeddedChannel channel = channel();
            read(channel, Arrays.copyOf(all, cut));
            read(channel, Arrays.copyOfRange(all, cut, all.length));

            assertThat(seen).as("cut at %s", cut).hasSize(6).contains("t m1", "u m2 retained");
            assertThat(seen.stream().filter(one -> !one.contains(" "))).containsExactly(CONNACK, PUBACK, QOS_1);
            assertThat(channel.finish()).isFalse();
        }
    }

    @Test
    public void byteByByteAllIsSeenInItsOrder() {
        EmbeddedChannel channel = channel();
        for (byte one : bytes(CONNACK, QOS_0, PUBACK, RETAINED, QOS_1)) {
            read(channel, new byte[] {one});
        }

        assertThat(seen).containsExactly(CONNACK, "t m1", PUBACK, "u m2 retained", QOS_1);
    }

    @Test
    public void whatComesBeforeTheConnectionIsAcceptedIsTheLibrarysToJudge() {
        read(channel(), bytes(QOS_0));

        assertThat(seen).containsExactly(QOS_0);
    }

    @Test
    public void whatIsNoMessageIsTheLibrarysToJudge() {
        String noTopic = "3003" + "0000" + "6d";
        String wildcard = "3004" + "0001" + "23" + "6d";
        String noText = "3004" + "0001" + "ff" + "6d";
        String shortTopic = "3003" + "0009" + "6d";
        String longLength = "30ffffffffff";
        EmbeddedChannel channel = channel();
        read(channel, bytes(CONNACK, noTopic));
        read(channel, bytes(wildcard));
        read(channel, bytes(noText));
        read(channel, bytes(shortTopic));
        read(channel, bytes(longLength));

        assertThat(seen).containsExactly(CONNACK, noTopic, wildcard, noText, shortTopic, longLength);
    }

    @Test
    public void propertiesOfMqtt5AreLeftBehind() {
        String none = "3006" + "0001" + "74" + "00" + "6d31";
        String some = "310b" + "0001" + "75" + "05" + "0200000009" + "6d32"; // expires after 9 s
        String many = "308a01" + "0001" + "76" + "8501" + "26" + "0001" + "6b" + "007f" + "78".repeat(127);
        EmbeddedChannel channel = channel(MqttVersion.V5);
        read(channel, bytes(CONNACK));
        read(channel, bytes(none, some, many));

        assertThat(seen).containsExactly(CONNACK, "t m1", "u m2 retained", "v ");
    }

    @Test
    public void propertiesThatAreLongerThanTheirMessageAreTheLibrarysToJudge() {
        String tooLong = "3005" + "0001" + "74" + "09" + "6d";
        String without = "3003" + "0001" + "74";
        String lengthWithoutEnd = "3006" + "0001" + "74" + "ffffff";
        EmbeddedChannel channel = channel(MqttVersion.V5);
        read(channel, bytes(CONNACK, tooLong, without, lengthWithoutEnd));

        assertThat(seen).containsExactly(CONNACK, tooLong, without, lengthWithoutEnd);
    }

    @Test
    public void aLongPayloadAndALongTopicComeWhole() {
        String topic = "t".repeat(200);
        byte[] payload = new byte[100_000];
        Arrays.fill(payload, (byte) 'x');
        Chunk chunk = new Chunk(UnpooledByteBufAllocator.DEFAULT, 2 + 200 + payload.length);
        chunk.add(topic.getBytes(UTF_8), new MqttMessage(topic, payload, 0, true), 2 + 200 + payload.length, false);
        byte[] packet = new byte[chunk.bytes().readableBytes()];
        chunk.bytes().readBytes(packet);
        EmbeddedChannel channel = channel();
        read(channel, bytes(CONNACK));
        seen.clear();
        read(channel, packet);

        assertThat(seen).containsExactly(topic + " " + "x".repeat(payload.length) + " retained");
    }
}
