package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** The hub reads what another codec writes, and that one reads what the hub writes: Netty's, every kind of packet. */
public class NettyCodecTest {
    private static final String TEXT = "größe 1 µm, x".repeat(40); // its length takes two bytes

    @Rule
    public final HubFixture hub = new HubFixture();

    private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
    private final EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(1 << 20));

    @After
    public void close() {
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }

    private void send(RawClient socket, MqttMessage message) throws IOException {
        encoder.writeOutbound(message);
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            socket.send(ByteBufUtil.getBytes(part));
            part.release();
        }
    }

    private <T extends MqttMessage> T receive(RawClient socket, Class<T> kind) throws IOException {
        RawClient.Packet packet = socket.read();
        ByteBuf bytes = Unpooled.buffer().writeByte(packet.head());
        int rest = packet.body().length;
        for (; rest > 0x7f; rest >>>= 7) {
            bytes.writeByte(rest & 0x7f | 0x80);
        }
        decoder.writeInbound(bytes.writeByte(rest).writeBytes(packet.body()));
        MqttMessage message = decoder.readInbound();
        assertThat(message.decoderResult().isSuccess()).isTrue();
        return kind.cast(message);
    }

    private RawClient connect(MqttVersion version, String id, boolean clean) throws IOException {
        RawClient socket = hub.open();
        send(
                socket,
                MqttMessageBuilders.connect()
                        .protocolVersion(version)
                        .clientId(id)
                        .cleanSession(clean)
                        .keepAlive(30)
                        .username("test")
                        .password("hahaha".getBytes(StandardCharsets.UTF_8))
                        .willFlag(true)
                        .willTopic("will")
                        .willMessage(TEXT.getBytes(StandardCharsets.UTF_8))
                        .willQoS(MqttQoS.AT_LEAST_ONCE)
                        .build());
        return socket;
    }

    private static MqttMessage publish(MqttQoS qos, int id) {
        return MqttMessageBuilders.publish()
                .topicName("t")
                .qos(qos)
                .messageId(id)
                .payload(Unpooled.copiedBuffer(TEXT, StandardCharsets.UTF_8))
                .build();
    }

    private static MqttMessage withId(MqttMessageType type, int qos, int id) {
        return new MqttMessage(
                new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), false, 2), MqttMessageIdVariableHeader.from(id));
    }

    private int idOf(RawClient socket, MqttMessageType type) throws IOException {
        MqttMessage message = receive(socket, MqttMessage.class);
        assertThat(message.fixedHeader().messageType()).isEqualTo(type);
        return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    @Test
    public void both_versions_are_accepted_and_a_later_one_is_refused() throws IOException {
        for (MqttVersion version : MqttVersion.values()) {
            RawClient client = connect(version, "netty", true);
            assertThat(receive(client, MqttConnAckMessage.class)
                            .variableHeader()
                            .connectReturnCode())
                    .as("%s", version)
                    .isEqualTo(
                            version == MqttVersion.MQTT_5
                                    ? MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION
                                    : MqttConnectReturnCode.CONNECTION_ACCEPTED);
        }
    }

    private RawClient accepted(String id) throws IOException {
        RawClient client = connect(MqttVersion.MQTT_3_1_1, id, true);
        receive(client, MqttConnAckMessage.class);
        return client;
    }

    @Test
    public void subscriptions_and_pings() throws IOException {
        RawClient client = accepted("netty");
        send(
                client,
                MqttMessageBuilders.subscribe()
                        .messageId(7)
                        .addSubscription(MqttQoS.EXACTLY_ONCE, "t")
                        .addSubscription(MqttQoS.AT_MOST_ONCE, "other/#")
                        .build());
        MqttSubAckMessage granted = receive(client, MqttSubAckMessage.class);
        assertThat(granted.variableHeader().messageId()).isEqualTo(7);
        assertThat(granted.payload().grantedQoSLevels()).containsExactly(2, 0);
        send(client, MqttMessage.PINGREQ);
        assertThat(receive(client, MqttMessage.class).fixedHeader().messageType())
                .isEqualTo(MqttMessageType.PINGRESP);
        send(
                client,
                MqttMessageBuilders.unsubscribe()
                        .messageId(10)
                        .addTopicFilter("t")
                        .build());
        assertThat(idOf(client, MqttMessageType.UNSUBACK)).isEqualTo(10);
        send(client, MqttMessage.DISCONNECT);
        client.expectClosed();
    }

    @Test
    public void messages_of_every_qos() throws IOException {
        RawClient subscriber = accepted("subscriber");
        subscriber.subscribe(2, "t");
        RawClient publisher = accepted("publisher");

        send(publisher, publish(MqttQoS.AT_MOST_ONCE, 0));
        expectText(subscriber);
        send(publisher, publish(MqttQoS.AT_LEAST_ONCE, 8));
        assertThat(idOf(publisher, MqttMessageType.PUBACK)).isEqualTo(8);
        send(subscriber, withId(MqttMessageType.PUBACK, 0, expectText(subscriber)));
        send(publisher, publish(MqttQoS.EXACTLY_ONCE, 9));
        assertThat(idOf(publisher, MqttMessageType.PUBREC)).isEqualTo(9);
        int id = expectText(subscriber);
        send(publisher, withId(MqttMessageType.PUBREL, 1, 9));
        assertThat(idOf(publisher, MqttMessageType.PUBCOMP)).isEqualTo(9);
        send(subscriber, withId(MqttMessageType.PUBREC, 0, id));
        assertThat(idOf(subscriber, MqttMessageType.PUBREL)).isEqualTo(id);
        send(subscriber, withId(MqttMessageType.PUBCOMP, 0, id));
    }

    private int expectText(RawClient subscriber) throws IOException {
        MqttPublishMessage message = receive(subscriber, MqttPublishMessage.class);
        assertThat(message.payload().toString(StandardCharsets.UTF_8)).isEqualTo(TEXT);
        int id = message.variableHeader().packetId();
        message.release();
        return id;
    }

    @Test
    public void a_session_that_is_there_is_said() throws IOException {
        for (boolean present : new boolean[] {false, true}) {
            RawClient client = connect(MqttVersion.MQTT_3_1_1, "netty", false);
            assertThat(receive(client, MqttConnAckMessage.class)
                            .variableHeader()
                            .isSessionPresent())
                    .isEqualTo(present);
            send(client, MqttMessage.DISCONNECT);
            client.expectClosed();
        }
    }
}
