package io.openedge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A thousand connections that send headers and bodies byte by byte and come again when they are sent away. What the
 * others see of it is written to target/slow-clients.txt; integration-tests/benchmarks/slow.sh prints it.
 */
public class SlowClientsTest {
    private static final Path FIGURES = Path.of("target/slow-clients.txt");
    private static final int SLOW = 1_000;
    private static final int CALLS = 1_000;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    private final ScheduledExecutorService attacker = Executors.newSingleThreadScheduledExecutor();
    private final List<Slow> slow = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private RestServer server;
    private int turn;

    @Before
    public void serve() {
        Path root = folder.getRoot().toPath();
        server = new RestServer(new FakeGateways(new ServerSettings(
                "unix://" + root.resolve("api.sock"),
                Duration.ofMinutes(5),
                "",
                "",
                "",
                root.resolve("operator.sock"))));
    }

    @After
    public void end() throws Exception {
        attacker.shutdownNow();
        assertThat(attacker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        for (Slow client : slow) {
            client.channel.close();
        }
        server.close();
    }

    @Test
    public void theOperatorAndServicesAreServedMeanwhile() throws Exception {
        Files.writeString(FIGURES, "");
        for (int i = 0; i < SLOW; i++) {
            slow.add(new Slow(i % 2 == 0));
        }
        ScheduledFuture<?> attack = attacker.scheduleAtFixedRate(this::attack, 0, 5, TimeUnit.MILLISECONDS);
        await().atMost(Duration.ofSeconds(30)).until(() -> opened.get() > SLOW);
        Path root = folder.getRoot().toPath();
        try (GatewayClient operator =
                        new GatewayClient(new ServerAddress.Unix(root.resolve("operator.sock")), Credentials.OPERATOR);
                GatewayClient service = new GatewayClient(
                        new ServerAddress.Unix(root.resolve("api.sock")), new Credentials("s1", "t0ken"))) {
            assertThat(served("operator", operator)).isEqualTo(CALLS);
            // A service shares its socket with the slow ones: what is sent away may come again.
            assertThat(served("service", service)).isGreaterThan(CALLS * 9 / 10);
        }
        assertThat(attack.isDone()).as("the slow are still there").isFalse();
        Files.writeString(FIGURES, "the slow connected " + opened + " times\n", StandardOpenOption.APPEND);
    }

    private static int served(String who, GatewayClient client) throws Exception {
        List<Long> micros = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            long begin = System.nanoTime();
            boolean answered = client.inspect()
                    .handle((inspect, failure) -> failure == null)
                    .get(20, TimeUnit.SECONDS);
            if (answered) {
                micros.add((System.nanoTime() - begin) / 1000);
            }
        }
        micros.sort(null);
        Files.writeString(
                FIGURES,
                String.format(
                        Locale.ROOT,
                        "%s: %d of %d served, p50 %d us, p99 %d us%n",
                        who,
                        micros.size(),
                        CALLS,
                        micros.get(micros.size() / 2),
                        micros.get(micros.size() * 99 / 100)),
                StandardOpenOption.APPEND);
        return micros.size();
    }

    /** Ten of them send a byte: each does so twice a second. */
    private void attack() {
        for (int i = 0; i < 10; i++) {
            try {
                slow.get(turn++ % SLOW).next();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One that sends a byte a turn. */
    private final class Slow {
        private final boolean header;
        private SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

        Slow(boolean header) throws IOException {
            this.header = header;
            channel.configureBlocking(false);
        }

        /** Opens, goes on, or begins again; a server that is too busy to accept is left for the next turn. */
        void next() throws IOException {
            try {
                if (!channel.isConnected()) {
                    if (channel.connect(server.address())) {
                        opened.incrementAndGet();
                        send(header ? "GET / HTTP/1.1\r\nx: " : head());
                    }
                } else {
                    send("x");
                }
            } catch (IOException ended) {
                channel.close();
                channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.configureBlocking(false);
            }
        }

        private String head() {
            return RawHttp.request("PUT", "/v1/services/f/instances/i/start", "")
                    .replace("Length: 0", "Length: 99999");
        }

        private void send(String text) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
