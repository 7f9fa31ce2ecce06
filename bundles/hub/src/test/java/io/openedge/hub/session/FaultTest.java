package io.openedge.hub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.MessageConfig;
import io.openedge.hub.auth.Authenticator;
import io.openedge.hub.route.Message;
import io.openedge.hub.route.Router;
import io.openedge.hub.route.RoutingRules;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.MemoryBudget;
import io.openedge.hub.store.MemoryRetainedStore;
import io.openedge.hub.store.RetainedStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes wrong for one client, memory and stack included, is nobody else's. */
public class FaultTest {
    private static final Topic TOPIC = Topic.parse("t", TopicLimits.DEFAULT).orElseThrow();

    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private Journal journal;
    private Broker broker;

    /** A channel for which there is no memory. */
    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("none for this client");
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("none for this client");
        }
    }

    private Broker broker() {
        PrincipalConfig test =
                new PrincipalConfig("test", "hahaha", List.of(new PermissionConfig(Action.SUB, List.of("#"))));
        Counters counters = new Counters();
        Logger log = LoggerFactory.getLogger("hub-test");
        RetainedStore retained = new MemoryRetainedStore(10, new MemoryBudget(1000));
        return new Broker(
                new Authenticator(List.of(test), ""),
                new Router(RoutingRules.of(List.of())),
                journal,
                retained,
                new Retaining(retained, journal, counters, log),
                new Memory(
                        new MemoryBudget(1 << 20),
                        new MemoryBudget(1 << 20),
                        new MemoryBudget(1 << 20),
                        new MemoryBudget(1 << 20)),
                new Claims(),
                Limits.of(MessageConfig.DEFAULT, 1 << 20),
                counters,
                log);
    }

    private static final Input UNREAD = new Input() {
        @Override
        public void pause() {
            // nothing is read
        }

        @Override
        public void resume() {
            // nothing is read
        }

        @Override
        public Optional<X509Certificate> certificate() {
            return Optional.empty();
        }
    };

    private static final int CLEAN_WITH_PASSWORD = 0xc2;

    private EmbeddedChannel client(String id) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channels.add(channel);
        Connection connection = new Connection(broker, channel, UNREAD);
        byte[] password = "hahaha".getBytes(StandardCharsets.UTF_8);
        connection.connect(new ConnectPacket(
                MqttVersion.MQTT_3_1_1, CLEAN_WITH_PASSWORD, 0, id, "", new byte[0], "test", password));
        channel.runPendingTasks();
        channel.releaseOutbound();
        return channel;
    }

    private Session subscriber(EmbeddedChannel channel, String id) {
        Session session = Session.clean(id, broker, channel.eventLoop());
        session.subscribe(TopicFilter.parse("t", TopicLimits.DEFAULT).orElseThrow(), 0);
        Connection connection = new Connection(broker, channel, UNREAD);
        session.attach(connection);
        return session;
    }

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void open() throws IOException {
        Journal.Settings settings =
                new Journal.Settings(folder.getRoot().toPath(), Duration.ofHours(1), Duration.ofMinutes(1), 0, 1 << 20);
        journal = Journal.open(settings, "hub-fault", fault -> {}, LoggerFactory.getLogger("hub-test"));
        broker = broker();
    }

    @After
    public void close() {
        journal.close();
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    public void memory_that_is_short_for_one_subscriber_is_not_the_publishers_fault_and_not_the_others() {
        List<EmbeddedChannel> all = List.of(client("a"), client("b"), client("c"));
        for (EmbeddedChannel channel : all) {
            subscriber(channel, "s");
        }
        EmbeddedChannel poor = all.get(1);
        poor.config().setAllocator(new NoMemory());
        Message message = new Message(TOPIC, new byte[] {1}, 0);
        broker.router().publish(message, broker.router().route(TOPIC, null), 0);
        all.forEach(EmbeddedChannel::runPendingTasks);
        assertThat(poor.isOpen()).isFalse();
        for (EmbeddedChannel other : List.of(all.get(0), all.get(2))) {
            assertThat(other.isOpen()).isTrue();
            ByteBuf sent = other.readOutbound();
            assertThat(sent.readableBytes()).isEqualTo(6);
            sent.release();
        }
    }

    /** Connections of one client id that queue up while the first one's loop is busy. */
    @Test
    public void a_long_queue_for_one_client_id_does_not_take_the_stack() {
        Login.Accepted login = new Login.Accepted(
                broker.authenticator()
                        .login("test", "hahaha".getBytes(StandardCharsets.UTF_8), Optional.empty())
                        .orElseThrow(),
                "same",
                MqttVersion.MQTT_3_1_1,
                false,
                0,
                null);
        List<EmbeddedChannel> queue = new ArrayList<>();
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            queue.add(channel);
            claims.add(new Claim(login, new Connection(broker, channel, UNREAD), channel.eventLoop(), broker));
        }
        for (int i = 1; i < claims.size(); i++) {
            claims.get(i - 1).yieldTo(claims.get(i));
        }
        claims.get(0).grant(null, false);
        queue.forEach(EmbeddedChannel::runPendingTasks);
        EmbeddedChannel last = queue.remove(queue.size() - 1);
        assertThat(last.isOpen()).isTrue();
        assertThat(queue).noneMatch(EmbeddedChannel::isOpen);
        last.close();
    }
}
