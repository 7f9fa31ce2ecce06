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
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.SlowDisk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hub on a free port, with two principals: test may do everything, few may little, cert has no password. */
final class HubFixture extends ExternalResource {
    static final HubServer.Shares MEMORY = new HubServer.Shares(64 << 20, 16 << 20, 16 << 20, 8 << 20);

    /** So that clients live on different loops, whatever the machine. */
    private static final int LOOPS = 2;

    /** Small, so that tests fill some. */
    private static final int SEGMENT = 256 * 1024;

    private final List<RawClient> clients = new ArrayList<>();
    private final HubConfig config;
    private final Limits limits;
    private final SlowDisk disk;
    private final TemporaryFolder storage = new TemporaryFolder();
    private final HubServer.Shares shares;
    private final Path directory;
    private @Nullable Path elsewhere;
    private int stored;
    private HubServer server;

    HubFixture() {
        this(config(), defaults());
    }

    /** With a disk that does as the test says. */
    HubFixture(SlowDisk disk) {
        this(config(), disk);
    }

    HubFixture(HubConfig config, SlowDisk disk) {
        this(config, defaults(), MEMORY, Path.of("/"), disk);
    }

    HubFixture(HubConfig config, Limits limits) {
        this(config, limits, MEMORY);
    }

    HubFixture(HubConfig config, Limits limits, HubServer.Shares shares) {
        this(config, limits, shares, Path.of("/"), new SlowDisk());
    }

    /** So many messages wait for a persistent session at most. */
    HubFixture storing(int most) {
        stored = most;
        return this;
    }

    /** Keeps what it stores in that folder, which the test makes. */
    HubFixture storedIn(Path folder) {
        elsewhere = folder;
        return this;
    }

    /** With certificates in a directory. */
    HubFixture(HubConfig config, Limits limits, Path directory) {
        this(config, limits, MEMORY, directory, new SlowDisk());
    }

    private HubFixture(HubConfig config, Limits limits, HubServer.Shares shares, Path directory, SlowDisk disk) {
        this.directory = directory;
        this.shares = shares;
        this.config = config;
        this.limits = limits;
        this.disk = disk;
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
        storage.create();
        start();
    }

    private void start() throws IOException {
        Journal.Settings settings = new Journal.Settings(
                elsewhere == null ? storage.getRoot().toPath() : elsewhere,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                stored,
                SEGMENT);
        Logger log = LoggerFactory.getLogger("hub-test");
        Broker broker = HubServer.broker(config, limits, shares, disk.journal(settings, log), log);
        server = HubServer.start(config, broker, "hub-test", directory, (host, port) -> Optional.empty(), LOOPS);
    }

    /** Ends the hub and starts it again with what it has stored. Addresses change. */
    void restart() throws IOException {
        server.close();
        start();
    }

    /** The same, but that nothing of what happens from now on until it starts is on the disk. */
    void crash() throws IOException {
        disk.powerCut();
        server.close();
        disk.powerBack();
        start();
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
        disk.open();
        server.close();
        storage.delete();
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
