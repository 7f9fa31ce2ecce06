package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.MqttClientConfig;
import com.hivemq.client.internal.mqtt.MqttClientConnectionConfig;
import com.hivemq.client.internal.mqtt.MqttClientExecutorConfigImpl;
import com.hivemq.client.internal.mqtt.MqttClientExecutorConfigImplBuilder;
import com.hivemq.client.internal.mqtt.MqttClientTransportConfigImpl;
import com.hivemq.client.internal.mqtt.MqttClientTransportConfigImplBuilder;
import com.hivemq.client.internal.mqtt.MqttRxClient;
import com.hivemq.client.internal.mqtt.advanced.MqttClientAdvancedConfigBuilder;
import com.hivemq.client.internal.mqtt.datatypes.MqttClientIdentifierImpl;
import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.datatypes.MqttUtf8StringImpl;
import com.hivemq.client.internal.mqtt.message.auth.MqttSimpleAuth;
import com.hivemq.client.internal.mqtt.message.connect.MqttConnect;
import com.hivemq.client.internal.mqtt.message.connect.MqttConnectRestrictions;
import com.hivemq.client.internal.util.collections.ImmutableList;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientConnectedListener;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import com.hivemq.client.mqtt.lifecycle.MqttClientReconnector;
import com.hivemq.client.mqtt.mqtt3.lifecycle.Mqtt3ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientConnectedContext;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.nio.NioEventLoopGroup;
import io.openedge.module.ServiceLocator;
import io.openedge.module.ServiceLocator.Location;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The HiveMQ client of one connection. It is put together from parts that are internal to the library: its public face
 * keeps pools of threads, hides which messages are duplicates, and knows no stream of messages that names its results.
 * This bundle carries its own copy of the library, so these parts cannot change by themselves. Immutable; any thread.
 */
final class Client {
    private final Settings settings;
    private final Dialect dialect;
    private final ServiceLocator locator;
    private final MqttClientConfig config;
    private final MqttRxClient client;

    /**
     * @param dialect what each connection speaks
     * @param lane makes the handler that comes first on each connection, if there is to be one
     */
    Client(
            Settings settings,
            Dialect dialect,
            ServiceLocator locator,
            NioEventLoopGroup group,
            Releases releases,
            Lifecycle lifecycle,
            Supplier<Optional<ChannelHandler>> lane) {
        this.settings = settings;
        this.dialect = dialect;
        this.locator = locator;
        MqttClientExecutorConfigImpl executor = new MqttClientExecutorConfigImplBuilder.Default()
                .nettyExecutor(group)
                .applicationScheduler(new DirectScheduler())
                .build();
        this.config = new LaneConfig(
                MqttClientIdentifierImpl.of(settings.clientId()),
                transport(),
                executor,
                new MqttClientAdvancedConfigBuilder.Default()
                        .interceptors()
                        .outgoingQos2Interceptor(releases)
                        .applyInterceptors()
                        .build(),
                MqttClientConfig.ConnectDefaults.of(login(settings), null, null),
                ImmutableList.of(lifecycle),
                ImmutableList.of(lifecycle),
                dialect,
                lane);
        this.client = new MqttRxClient(config);
    }

    /** Hears when the connection comes and goes, on its thread. */
    interface Lifecycle extends MqttClientConnectedListener, MqttClientDisconnectedListener {}

    MqttClientConfig config() {
        return config;
    }

    /** Starts the first try; the lifecycle hears what comes of it. */
    void connect() {
        client.connect(hello()).subscribe(answer -> {}, failed -> {});
    }

    /** A connection that follows begins with what we want, not with what the broker made of it the last time. */
    void connectAgain(MqttClientReconnector again) {
        again.transportConfig(transport());
        if (again instanceof Mqtt5ClientReconnector five) {
            five.connect(hello());
        }
    }

    /** The library writes of it what the version has: in MQTT 3.1.1 a session ends with its connection or never. */
    private MqttConnect hello() {
        MqttConnectRestrictions limits = new MqttConnectRestrictions(
                // The library also counts what an earlier connection has left: less would end connections for nothing.
                MqttConnectRestrictions.DEFAULT_RECEIVE_MAXIMUM,
                MqttConnectRestrictions.DEFAULT_SEND_MAXIMUM,
                MqttConnectRestrictions.DEFAULT_MAXIMUM_PACKET_SIZE,
                MqttConnectRestrictions.DEFAULT_SEND_MAXIMUM_PACKET_SIZE,
                0,
                0,
                MqttConnectRestrictions.DEFAULT_REQUEST_PROBLEM_INFORMATION,
                false);
        MqttConnect hello = new MqttConnect(
                (int) settings.config().keepAlive().toSeconds(),
                settings.cleanSession(),
                settings.cleanSession() ? 0 : MqttConnect.NO_SESSION_EXPIRY,
                limits,
                null,
                null,
                null,
                MqttUserPropertiesImpl.NO_USER_PROPERTIES);
        return hello.setDefaults(config);
    }

    /** Whether the broker has found the session. */
    static boolean resumed(MqttClientConnectedContext context) {
        return context instanceof Mqtt3ClientConnectedContext three
                ? three.getConnAck().isSessionPresent()
                : ((Mqtt5ClientConnectedContext) context).getConnAck().isSessionPresent();
    }

    /** What the broker of the connection that is up takes. */
    Abilities abilities() {
        return Abilities.of(dialect.spoken(), connection());
    }

    /** How long the broker keeps the session without a connection, if not for ever as it was asked to. Unit: seconds. */
    OptionalLong sessionLife() {
        long life = connection().getSessionExpiryInterval();
        boolean cut = !settings.cleanSession() && life < MqttConnect.NO_SESSION_EXPIRY;
        return cut ? OptionalLong.of(life) : OptionalLong.empty();
    }

    /** Says good-bye; {@code then} runs when the broker has closed the connection, or at once when there is none. */
    void disconnect(Runnable then) {
        client.disconnect().subscribe(then::run, none -> then.run());
    }

    /** Puts a handler behind the decoder of the connection that is up. */
    void addHandler(ChannelHandler handler) {
        pipeline().addAfter("decoder", null, handler);
    }

    /** The lane of the connection that is up. */
    ChannelHandlerContext lane() {
        return pipeline().context(DirectLane.class);
    }

    private ChannelPipeline pipeline() {
        return connection().getChannel().pipeline();
    }

    private MqttClientConnectionConfig connection() {
        return Objects.requireNonNull(config.getRawConnectionConfig());
    }

    private static MqttSimpleAuth login(Settings settings) {
        String password = settings.config().password();
        String username = settings.config().username();
        if (username.isEmpty()) {
            return null;
        }
        ByteBuffer secret = password.isEmpty() ? null : ByteBuffer.wrap(password.getBytes(StandardCharsets.UTF_8));
        return new MqttSimpleAuth(MqttUtf8StringImpl.of(username), secret);
    }

    /** Where to connect to and how, asked anew before each try: a service may have moved. */
    private MqttClientTransportConfigImpl transport() {
        Endpoint endpoint = settings.endpoint();
        long limit = Math.min(settings.config().timeout().toMillis(), Integer.MAX_VALUE);
        MqttClientTransportConfigImplBuilder.Default transport = new MqttClientTransportConfigImplBuilder.Default()
                .serverAddress(address(endpoint))
                .socketConnectTimeout(limit, TimeUnit.MILLISECONDS)
                .mqttConnectTimeout(limit, TimeUnit.MILLISECONDS);
        settings.tls().ifPresent(transport::sslConfig);
        if (endpoint.webSocket()) {
            transport.webSocketConfig(MqttWebSocketConfig.builder()
                    .serverPath(endpoint.path())
                    .queryString(endpoint.query())
                    .handshakeTimeout(limit, TimeUnit.MILLISECONDS)
                    .build());
        }
        return transport.build();
    }

    private InetSocketAddress address(Endpoint endpoint) {
        Location place =
                locator.locate(endpoint.host(), endpoint.port()).orElse(new Location(endpoint.host(), endpoint.port()));
        if (!endpoint.tls() || place.host().equals(endpoint.host())) {
            return InetSocketAddress.createUnresolved(place.host(), place.port());
        }
        // The certificate is for the name in the configuration, wherever the service is.
        try {
            byte[] number = InetAddress.getByName(place.host()).getAddress();
            return new InetSocketAddress(InetAddress.getByAddress(endpoint.host(), number), place.port());
        } catch (UnknownHostException unknown) {
            return InetSocketAddress.createUnresolved(place.host(), place.port());
        }
    }
}
