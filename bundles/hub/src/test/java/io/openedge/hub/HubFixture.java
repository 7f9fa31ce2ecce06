package io.openedge.hub;

import io.openedge.app.ByteSize;
import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.Endpoint;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.HubConfig.RuleConfig;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.session.Broker;
import io.openedge.hub.session.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.rules.ExternalResource;
import org.slf4j.LoggerFactory;

/** A hub on a free port, with two principals: test may do everything, few may little, cert has no password. */
final class HubFixture extends ExternalResource {
    static final HubServer.Shares MEMORY = new HubServer.Shares(64 << 20, 16 << 20, 16 << 20, 8 << 20);

    /** So that clients live on different loops, whatever the machine. */
    private static final int LOOPS = 2;

    private final List<RawClient> clients = new ArrayList<>();
    private final HubConfig config;
    private final Limits limits;
    private final UnaryOperator<Broker> parts;
    private final HubServer.Shares shares;
    private final Path directory;
    private HubServer server;

    HubFixture() {
        this(config(), defaults(), broker -> broker);
    }

    HubFixture(HubConfig config, Limits limits, UnaryOperator<Broker> parts) {
        this(config, limits, parts, MEMORY);
    }

    HubFixture(HubConfig config, Limits limits, UnaryOperator<Broker> parts, HubServer.Shares shares) {
        this(config, limits, parts, shares, Path.of("/"));
    }

    /** With certificates in a directory. */
    HubFixture(HubConfig config, Limits limits, Path directory) {
        this(config, limits, broker -> broker, MEMORY, directory);
    }

    private HubFixture(
            HubConfig config, Limits limits, UnaryOperator<Broker> parts, HubServer.Shares shares, Path directory) {
        this.directory = directory;
        this.shares = shares;
        this.config = config;
        this.limits = limits;
        this.parts = parts;
    }

    static HubConfig config(RuleConfig... rules) {
        return config(List.of("tcp://127.0.0.1:0"), rules);
    }

    static HubConfig config(List<String> listen, RuleConfig... rules) {
        return config(listen, null, rules);
    }

    static HubConfig config(List<String> listen, HubConfig.Certificate certificate, RuleConfig... rules) {
        PrincipalConfig test = new PrincipalConfig(
                "test",
                "hahaha",
                List.of(
                        new PermissionConfig(Action.PUB, List.of("#")),
                        new PermissionConfig(Action.SUB, List.of("#"))));
        PrincipalConfig few = new PrincipalConfig(
                "few",
                "pass",
                List.of(
                        new PermissionConfig(Action.PUB, List.of("in/+", "own/%u/%c")),
                        new PermissionConfig(Action.SUB, List.of("a/+", "b/#", "own/%u/#"))));
        PrincipalConfig cert = new PrincipalConfig(
                "cert",
                null,
                List.of(
                        new PermissionConfig(Action.PUB, List.of("tls/#")),
                        new PermissionConfig(Action.SUB, List.of("tls/#"))));
        MessageConfig message = new MessageConfig(new MessageConfig.Length(new ByteSize(64 * 1024)), null, null, null);
        return new HubConfig(
                listen,
                certificate,
                List.of(test, few, cert),
                List.of(rules),
                message,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static RuleConfig rule(String source, int sourceQos, String target, int targetQos) {
        return new RuleConfig(new Endpoint(source, sourceQos), new Endpoint(target, targetQos));
    }

    static Limits defaults() {
        return Limits.of(config().message(), LimitsConfig.DEFAULT, MEMORY.session());
    }

    /** Defaults but for the bounds given. */
    static Limits limits(Duration connect, int inbox, int waitingQos0, int window, int waitingQos1) {
        Limits usual = defaults();
        return new Limits(
                TopicLimits.DEFAULT,
                connect,
                usual.connectPacket(),
                usual.packet(),
                inbox,
                usual.inboxBytes(),
                usual.unsafe(),
                waitingQos0,
                window,
                usual.windowBytes(),
                waitingQos1,
                usual.waitingBytes(),
                usual.retained(),
                usual.connections(),
                usual.strangers(),
                usual.sessions(),
                usual.byAddress(),
                usual.filters(),
                usual.clientIds());
    }

    /** Defaults but for the number of clients. */
    static Limits clients(int connections, int strangers, int sessions) {
        Limits usual = defaults();
        return new Limits(
                usual.topics(),
                usual.connectTimeout(),
                usual.connectPacket(),
                usual.packet(),
                usual.inbox(),
                usual.inboxBytes(),
                usual.unsafe(),
                usual.waitingQos0(),
                usual.window(),
                usual.windowBytes(),
                usual.waitingQos1(),
                usual.waitingBytes(),
                usual.retained(),
                connections,
                strangers,
                sessions,
                connections,
                usual.filters(),
                usual.clientIds());
    }

    @Override
    protected void before() throws IOException {
        Broker broker = parts.apply(HubServer.broker(config, limits, shares, LoggerFactory.getLogger("hub-test")));
        server = HubServer.start(config, broker, "hub-test", directory, (host, port) -> Optional.empty(), LOOPS);
    }

    @Override
    protected void after() {
        for (RawClient client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        server.close();
    }

    HubServer server() {
        return server;
    }

    /** A socket without CONNECT. */
    RawClient open() throws IOException {
        return keep(new RawClient(server.addresses().get(0)));
    }

    RawClient open(int receiveBuffer) throws IOException {
        return keep(new RawClient(server.addresses().get(0), receiveBuffer));
    }

    /** Where the listener of that place in the configuration listens. */
    InetSocketAddress address(int listener) {
        return new InetSocketAddress(
                "127.0.0.1", server.addresses().get(listener).getPort());
    }

    RawClient keep(RawClient client) {
        clients.add(client);
        return client;
    }

    /** A client of principal test with a clean session. */
    RawClient client(String id) throws IOException {
        return client(new Packets.Connect(id));
    }

    RawClient client(Packets.Connect connect) throws IOException {
        RawClient client = open();
        RawClient.Packet answer = client.connect(connect);
        if (answer.body()[1] != 0) {
            throw new AssertionError("not let in: " + answer.body()[1]);
        }
        return client;
    }
}
