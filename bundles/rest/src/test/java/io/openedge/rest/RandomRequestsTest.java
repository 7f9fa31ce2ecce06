package io.openedge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.openedge.system.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/**
 * Requests that a seeded generator has damaged: each is answered or the connection ends, none is a fault of ours, and
 * afterwards all is as before. {@code -Dopenedge.rounds=100000} for the long run, {@code -Dopenedge.seed=N} for another.
 */
public class RandomRequestsTest {
    private static final int ROUNDS = Integer.getInteger("openedge.rounds", 3_000);
    private static final long SEED = Long.getLong("openedge.seed", 42);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final List<Integer> ALLOWED =
            List.of(100, 200, 400, 401, 403, 404, 405, 408, 413, 414, 417, 431, 503);
    private static final List<byte[]> FRAGMENTS = fragments();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    @Rule
    public Timeout limit = new Timeout(60 + ROUNDS / 100, TimeUnit.SECONDS);

    private final Random random = new Random(SEED);
    private final Map<Integer, Integer> answers = new TreeMap<>();
    private FakeGateways gateways;
    private RestServer server;
    private List<byte[]> seeds;

    @Before
    public void serve() {
        Path root = folder.getRoot().toPath();
        gateways = new FakeGateways(new ServerSettings(
                "unix://" + root.resolve("a"), Duration.ofMinutes(5), "", "", "", root.resolve("o.sock")));
        server = new RestServer(gateways);
        seeds = seeds();
    }

    @After
    public void end() {
        server.close();
    }

    @Test
    public void eachIsAnsweredOrEnded() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] request = damaged();
            String answer = exchange(request);
            Matcher status = STATUS.matcher(answer);
            if (status.find()) {
                int code = Integer.parseInt(status.group(1));
                answers.merge(code, 1, Integer::sum);
                assertThat(ALLOWED)
                        .as("seed %d, round %d: %s", SEED, round, new String(request, StandardCharsets.ISO_8859_1))
                        .contains(code);
            }
            gateways.calls.clear();
        }
        assertThat(answers.keySet())
                .as("the generator reaches what it should")
                .contains(200, 400, 401, 404, 405, 413, 414, 431);
        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(ROUNDS / 2);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(this::stillServesAsBefore);
        assertThat(gateways.unserviceable).isEmpty();
    }

    /** All eight connections that a service may have. */
    private void stillServesAsBefore() throws Exception {
        List<RawHttp> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawHttp client = new RawHttp(server.address());
                clients.add(client);
                assertThat(client.send(RawHttp.request("GET", "/v1/ports/available", ""))
                                .answer())
                        .isEqualTo("200 {\"port\":\"50123\"}");
            }
        } finally {
            for (RawHttp client : clients) {
                client.close();
            }
        }
    }

    /** All that comes back until the end; a reset is an end. */
    private String exchange(byte[] request) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open((UnixDomainSocketAddress) server.address())) {
            int cut = random.nextInt(4) == 0 ? random.nextInt(request.length + 1) : request.length;
            write(channel, ByteBuffer.wrap(request, 0, cut));
            write(channel, ByteBuffer.wrap(request, cut, request.length - cut));
            channel.shutdownOutput();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                received.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        } catch (IOException reset) {
            return received.toString(StandardCharsets.ISO_8859_1);
        }
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private byte[] damaged() {
        byte[] request = pick(seeds);
        for (int times = random.nextInt(5); times > 0; times--) {
            request = damage(request);
        }
        return request;
    }

    private byte[] damage(byte[] request) {
        int from = random.nextInt(request.length + 1);
        int to = Math.min(request.length, from + random.nextInt(30));
        return switch (random.nextInt(7)) {
            case 0 -> splice(request, from, to, new byte[0]);
            case 1 -> splice(request, from, from, Arrays.copyOfRange(request, from, to));
            case 2 -> splice(request, from, to, bytes(random.nextInt(30)));
            case 3 -> splice(request, from, from, pick(FRAGMENTS));
            case 4 -> splice(request, from, request.length, pick(seeds));
            case 5 -> Arrays.copyOf(request, from);
            default -> splice(request, lineFrom(request, from), lineFrom(request, from), pick(FRAGMENTS));
        };
    }

    /** The beginning of the line after that place. */
    private static int lineFrom(byte[] request, int place) {
        int at = place;
        while (at < request.length && request[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, request.length);
    }

    private static byte[] splice(byte[] request, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + request.length - to];
        System.arraycopy(request, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(request, to, result, from + middle.length, request.length - to);
        return result;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] pick(List<byte[]> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        String report = "{\"a\":{\"b\":[1,2.5,true,null,\"\\u00e4\"]},\"status\":\"x\"}";
        for (String base : new String[] {"/v1", ""}) {
            add(seeds, RawHttp.request("GET", base + "/system/inspect", ""));
            add(seeds, RawHttp.request("GET", base + "/ports/available", ""));
            add(seeds, RawHttp.request("PUT", base + "/system/update", "{\"path\":\"var/db/openedge/new\"}"));
            add(seeds, RawHttp.request("PUT", base + "/services/f/instances/f.1/start", "{\"A\":\"b\"}"));
            add(seeds, RawHttp.request("PUT", base + "/services/f/instances/f.1/stop", ""));
            add(seeds, RawHttp.request("PUT", base + "/services/hub/instances/hub/report", report));
        }
        add(seeds, "GET /v1/system/inspect HTTP/1.1\r\nHost: x\r\nx-openedge-username: hub\r\n\r\n");
        String chunked = RawHttp.request("PUT", "/v1/services/f/instances/f.1/start", "")
                .replace("Content-Length: 0", "Transfer-Encoding: chunked");
        add(seeds, chunked + "5\r\n{\"A\":\r\n4;x=y\r\n\"b\"}\r\n0\r\nT: r\r\n\r\n");
        add(seeds, RawHttp.request("GET", "/v1/none", "") + RawHttp.request("POST", "/v1/system/inspect", "x"));
        return seeds;
    }

    private static List<byte[]> fragments() {
        List<byte[]> fragments = new ArrayList<>();
        for (String fragment : new String[] {
            "\r\n",
            "\r\n\r\n",
            "\n",
            "\0",
            ":",
            " ",
            "%00",
            "/../",
            "\u00ff\u00fe",
            "{",
            "[".repeat(100),
            "\"",
            "Content-Length: 99999999999\r\n",
            "Content-Length: 7\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Expect: 100-continue\r\n",
            "Connection: close\r\n",
            "Connection: upgrade\r\nUpgrade: h2c\r\n",
            "x-iot-edge-password: t0ken\r\n",
            "x".repeat(5000),
            "a: " + "x".repeat(9000) + "\r\n",
            "ffffffffffffffff\r\n",
            "GET / HTTP/0.9\r\n\r\n"
        }) {
            add(fragments, fragment);
        }
        return fragments;
    }

    private static void add(List<byte[]> list, String text) {
        list.add(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
