package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConfig;
import com.hivemq.client.internal.mqtt.MqttClientExecutorConfigImpl;
import com.hivemq.client.internal.mqtt.MqttClientTransportConfigImpl;
import com.hivemq.client.internal.mqtt.advanced.MqttClientAdvancedConfig;
import com.hivemq.client.internal.mqtt.datatypes.MqttClientIdentifierImpl;
import com.hivemq.client.internal.mqtt.handler.connect.MqttConnAckFlow;
import com.hivemq.client.internal.mqtt.handler.publish.incoming.MqttIncomingQosHandler;
import com.hivemq.client.internal.mqtt.handler.publish.outgoing.MqttOutgoingQosHandler;
import com.hivemq.client.internal.mqtt.handler.subscribe.MqttSubscriptionHandler;
import com.hivemq.client.internal.mqtt.ioc.ClientComponent;
import com.hivemq.client.internal.mqtt.ioc.ConnectionComponent;
import com.hivemq.client.internal.mqtt.message.connect.MqttConnect;
import com.hivemq.client.internal.util.collections.ImmutableList;
import com.hivemq.client.mqtt.MqttVersion;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedListener;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.util.Optional;
import java.util.function.Supplier;

/** A configuration of the library whose connections speak what was agreed and begin with a handler of ours. */
final class LaneConfig extends MqttClientConfig {
    private final Dialect dialect;
    private final Supplier<Optional<ChannelHandler>> first;

    /**
     * @param dialect what each connection speaks: the library asks for it when it makes one
     * @param first makes the handler that is between the network and the library's own, if there is to be one
     */
    LaneConfig(
            MqttClientIdentifierImpl clientId,
            MqttClientTransportConfigImpl transport,
            MqttClientExecutorConfigImpl executor,
            MqttClientAdvancedConfig advanced,
            ConnectDefaults connect,
            ImmutableList<MqttClientConnectedListener> connected,
            ImmutableList<MqttClientDisconnectedListener> disconnected,
            Dialect dialect,
            Supplier<Optional<ChannelHandler>> first) {
        super(MqttVersion.MQTT_3_1_1, clientId, transport, executor, advanced, connect, connected, disconnected);
        this.dialect = dialect;
        this.first = first;
    }

    @Override
    public MqttVersion getMqttVersion() {
        return switch (dialect.spoken()) {
            case V5 -> MqttVersion.MQTT_5_0;
            case V3_1_1 -> MqttVersion.MQTT_3_1_1;
        };
    }

    @Override
    public ClientComponent getClientComponent() {
        return new WithLane(super.getClientComponent());
    }

    private final class WithLane implements ClientComponent {
        private final ClientComponent library;

        WithLane(ClientComponent library) {
            this.library = library;
        }

        @Override
        public ConnectionComponent.Builder connectionComponentBuilder() {
            return new ConnectionBuilder(library.connectionComponentBuilder());
        }

        @Override
        public MqttSubscriptionHandler subscriptionHandler() {
            return library.subscriptionHandler();
        }

        @Override
        public MqttIncomingQosHandler incomingQosHandler() {
            return library.incomingQosHandler();
        }

        @Override
        public MqttOutgoingQosHandler outgoingQosHandler() {
            return library.outgoingQosHandler();
        }
    }

    private final class ConnectionBuilder implements ConnectionComponent.Builder {
        private final ConnectionComponent.Builder library;

        ConnectionBuilder(ConnectionComponent.Builder library) {
            this.library = library;
        }

        @Override
        public ConnectionComponent.Builder connect(MqttConnect connect) {
            library.connect(connect);
            return this;
        }

        @Override
        public ConnectionComponent.Builder connAckFlow(MqttConnAckFlow flow) {
            library.connAckFlow(flow);
            return this;
        }

        @Override
        public ConnectionComponent build() {
            ConnectionComponent connection = library.build();
            return () -> withLane(connection.bootstrap());
        }
    }

    private Bootstrap withLane(Bootstrap bootstrap) {
        ChannelHandler handlers = bootstrap.config().handler();
        return bootstrap.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                first.get().ifPresent(channel.pipeline()::addLast);
                if (getMqttVersion() == MqttVersion.MQTT_5_0) {
                    channel.pipeline().addLast(Answers.placer());
                }
                channel.pipeline().addLast(handlers);
            }
        });
    }
}
