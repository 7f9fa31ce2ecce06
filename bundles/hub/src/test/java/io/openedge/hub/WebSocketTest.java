package io.openedge.hub;

import static io.openedge.hub.WebClient.BINARY;
import static io.openedge.hub.WebClient.CLOSE;
import static io.openedge.hub.WebClient.CONTINUATION;
import static io.openedge.hub.WebClient.FIN;
import static io.openedge.hub.WebClient.PING;
import static io.openedge.hub.WebClient.PONG;
import static io.openedge.hub.WebClient.TEXT;
import static io.openedge.hub.WebClient.frame;
import static io.openedge.hub.WebClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.config.Openssl;
import io.openedge.hub.Packets.Connect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.After;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The ws and wss listeners, with frames as they should be and as they should not. */
public class WebSocketTest {
    private static final int WS = 0;
    private static final int WSS = 1;
    private static final int ANY_PATH = 2;
    private static final int TCP = 3;
    private static final byte[] CONNACK = {0x20, 2, 0, 0};

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static Openssl openssl;

    @Rule
    public final HubFixture hub = new HubFixture(
            HubFixture.config(
                    List.of("ws://127.0.0.1:0/mqtt", "wss://127.0.0.1:0/mqtt", "ws://:0", "tcp://127.0.0.1:0"),
                    new HubConfig.Certificate("ca.pem", "server.pem", "server.key", "")),
            HubFixture.limits(Duration.ofSeconds(2), 1000, 1000, 10, 1000),
            openssl.folder());

    private final List<WebClient> clients = new ArrayList<>();

    @BeforeClass
    public static void certificates() throws Exception {
        openssl = new Openssl(FOLDER.getRoot().toPath())
                .authority("ca")
                .signed("server", "ca", "/CN=localhost")
                .signed("device", "ca", "/CN=cert");
    }

    @After
    public void nothingOfAClientIsLeft() throws IOException {
        for (WebClient client : clients) {
            client.close();
        }
    }

    private WebClient web(int listener) throws IOException {
        return keep(new WebClient(hub.address(listener)));
    }

    private WebClient keep(WebClient client) {
        clients.add(client);
        return client;
    }

    private WebClient loggedIn(String id) throws IOException {
        return web(WS).login(new Connect(id));
    }

    @Test
    public void the_handshake_is_answered_as_rfc_6455_says() throws IOException {
        assertThat(web(WS).ask(request("/mqtt", "chat, mqtt")).toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 101 ")
                .contains("upgrade: websocket\r\n")
                .contains("connection: upgrade\r\n")
                .contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n")
                .contains("sec-websocket-protocol: mqtt\r\n");
        assertThat(web(WS).ask(request("/mqtt?token=x", "mqttv3.1"))).contains("mqttv3.1");
        assertThat(web(ANY_PATH).ask(request("/", "mqtt"))).startsWith("HTTP/1.1 101 ");
        assertThat(web(ANY_PATH).ask(request("/elsewhere", "mqtt"))).startsWith("HTTP/1.1 101 ");
    }

    @Test
    public void other_requests_are_refused_and_closed() throws IOException {
        String good = request("/mqtt", "mqtt");
        refused("404", request("/other", "mqtt"));
        refused("404", request("/mqtt/more", "mqtt"));
        refused("400", request("/mqtt", "chat"));
        refused("400", good.replaceFirst("Sec-WebSocket-Protocol.*\r\n", ""));
        refused("400", good.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"));
        refused("400", good.replace("Host:", "Content-Length: 5\r\nHost:"));
        refused("400", good.replace("Host:", "Transfer-Encoding: chunked\r\nHost:"));
        refused("400", "\u0010\u0012\u0000\u0004MQTT\u0004\r\n\r\n");
        refused("400", "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n");
        refused("400", good.replace("Host:", "X: " + "x".repeat(9_000) + "\r\nHost:"));
        refused("426", "GET /mqtt HTTP/1.1\r\nHost: localhost\r\n\r\n");
        refused("426", good.replace("Version: 13", "Version: 8"));
        refused("426", good.replace("GET", "POST"));
    }

    private void refused(String status, String request) throws IOException {
        WebClient client = web(WS);
        assertThat(client.ask(request)).startsWith("HTTP/1.1 " + status + " ");
        int next = client.readByte();
        while (next >= 0) {
            next = client.readByte();
        }
    }

    @Test
    public void messages_pass_between_ws_wss_and_tcp() throws Exception {
        RawClient tcp = hub.keep(new RawClient(hub.address(TCP)));
        tcp.connect(new Connect("tcp"));
        tcp.subscribe(1, "#");
        WebClient ws = loggedIn("ws");
        ws.send(frame(
                FIN | BINARY, Packets.publish("ws", "x".repeat(60_000).getBytes(StandardCharsets.UTF_8), 1, false, 5)));
        assertThat(ws.packets(4)).isEqualTo(new byte[] {0x40, 2, 0, 5});
        assertThat(tcp.message().payload()).isEqualTo("x".repeat(60_000));

        WebClient wss =
                keep(new WebClient(TlsSockets.connect(openssl.folder(), hub.address(WSS), "device", "TLSv1.3")));
        wss.login(new Connect("wss").user("cert", ""));
        wss.send(frame(FIN | BINARY, Packets.subscribe(1, 0, "tls/+")));
        assertThat(wss.packets(5)).isEqualTo(new byte[] {(byte) 0x90, 3, 0, 1, 0});
        byte[] large = new byte[20_000];
        Arrays.fill(large, (byte) 'y');
        byte[] sent = Packets.publish("tls/x", large, 0, false, 0);
        tcp.send(sent);
        assertThat(wss.packets(sent.length)).isEqualTo(sent);
    }

    @Test
    public void frames_may_be_shorter_and_longer_than_a_packet() throws IOException {
        WebClient client = web(WS).open();
        for (byte one : new Connect("short").bytes()) {
            client.send(frame(FIN | BINARY, one));
        }
        assertThat(client.packets(4)).isEqualTo(CONNACK);

        byte[] packet = Packets.publish("t", "hello".getBytes(StandardCharsets.UTF_8), 1, false, 9);
        Packets.Body many = new Packets.Body();
        for (int i = 0; i < 30_000; i++) {
            many.raw(packet);
        }
        byte[] half = Arrays.copyOf(packet, 5);
        client.send(frame(FIN | BINARY, many.raw(half).bytes()));
        client.send(frame(FIN | BINARY, Arrays.copyOfRange(packet, 5, packet.length)));
        assertThat(client.packets(4 * 30_001)).hasSize(4 * 30_001);
    }

    @Test
    public void the_bytes_of_a_frame_may_come_one_by_one() throws IOException {
        WebClient client = web(WS).open();
        for (byte one : frame(FIN | BINARY, 0x10000 + 4, new Connect("slow").bytes())) {
            client.send(one);
        }
        assertThat(client.packets(4)).isEqualTo(CONNACK);
    }

    @Test
    public void fragments_with_pings_between_and_empty_frames_are_one_stream() throws IOException {
        byte[] connect = new Connect("parts").bytes();
        WebClient client = web(WS).open();
        client.send(frame(BINARY, Arrays.copyOf(connect, 3)));
        client.send(frame(FIN | PING, "are you there".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.read()).satisfies(pong -> {
            assertThat(pong.first()).isEqualTo(FIN | PONG);
            assertThat(new String(pong.payload(), StandardCharsets.UTF_8)).isEqualTo("are you there");
        });
        client.send(frame(CONTINUATION)).send(frame(FIN | PONG, (byte) 1));
        client.send(frame(FIN | CONTINUATION, Arrays.copyOfRange(connect, 3, connect.length)));
        assertThat(client.packets(4)).isEqualTo(CONNACK);
        client.send(frame(FIN | BINARY)).expectServed();
    }

    @Test
    public void text_is_refused() throws IOException {
        WebClient client = loggedIn("c");
        client.send(frame(FIN | TEXT, Packets.PINGREQ));
        client.expectClosed(1003);
    }

    @Test
    public void what_is_against_the_protocol_is_refused() throws IOException {
        byte[] unmasked = {(byte) (FIN | BINARY), 2, (byte) 0xC0, 0};
        byte[] tooLong = frame(FIN | BINARY, -1L);
        for (byte[] wrong : List.of(
                unmasked,
                tooLong,
                frame(FIN | 0x40 | BINARY, Packets.PINGREQ),
                frame(FIN | 3, Packets.PINGREQ),
                frame(FIN | 11, Packets.PINGREQ),
                frame(FIN | CONTINUATION, Packets.PINGREQ),
                frame(PING),
                frame(FIN | PING, new byte[126]))) {
            WebClient client = loggedIn("c");
            client.send(wrong);
            client.expectClosed(1002);
        }
        WebClient client = loggedIn("c");
        client.send(frame(BINARY)).send(frame(FIN | BINARY, Packets.PINGREQ));
        client.expectClosed(1002);
    }

    @Test
    public void a_close_is_answered_and_the_will_is_published() throws IOException {
        RawClient watcher = hub.keep(new RawClient(hub.address(TCP)));
        watcher.connect(new Connect("watcher"));
        watcher.subscribe(0, "#");
        WebClient client = web(WS).login(new Connect("c").will("gone", "c", 0, false));
        client.send(frame(FIN | CLOSE, (byte) 3, (byte) 0xe9));
        client.expectClosed(1000);
        assertThat(watcher.message().topic()).isEqualTo("gone");
    }

    @Test
    public void a_disconnect_with_the_close_right_behind_it_is_a_disconnect() throws IOException {
        RawClient watcher = hub.keep(new RawClient(hub.address(TCP)));
        watcher.connect(new Connect("watcher"));
        watcher.subscribe(0, "#");
        WebClient client = web(WS).login(new Connect("c").will("gone", "c", 0, false));
        client.send(new Packets.Body()
                .raw(frame(FIN | BINARY, Packets.publish("last", new byte[1], 0, false, 0)))
                .raw(frame(FIN | BINARY, Packets.DISCONNECT))
                .raw(frame(FIN | CLOSE, (byte) 3, (byte) 0xe8))
                .bytes());
        client.expectClosed(1000);
        assertThat(watcher.message().topic()).isEqualTo("last");
        watcher.expectNothing();
    }

    @Test
    public void limits_are_those_of_tcp_whatever_a_frame_says() throws IOException {
        WebClient stranger = web(WS).open();
        stranger.send(frame(FIN | BINARY, Long.MAX_VALUE, (byte) 0x10, (byte) 0x81, (byte) 0x80, (byte) 1));
        stranger.expectClosed(1000);
        WebClient client = loggedIn("c");
        client.send(frame(
                FIN | BINARY, 1L << 30, (byte) 0x30, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f, (byte) 0));
        client.expectClosed(1000);
    }

    @Test
    public void who_does_not_come_to_a_connect_is_closed_in_time() throws IOException {
        WebClient silent = web(WS);
        WebClient half = web(WS).send("GET /mqtt HTTP/1.1\r\nHos".getBytes(StandardCharsets.UTF_8));
        WebClient open = web(WS).open();
        WebClient slow = web(WS).open().send(frame(FIN | BINARY, Arrays.copyOf(new Connect("c").bytes(), 10)));
        long start = System.nanoTime();
        assertThat(silent.readByte()).isEqualTo(-1);
        assertThat(half.readByte()).isEqualTo(-1);
        open.expectClosed(1000);
        slow.expectClosed(1000);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    public void a_flood_of_pings_by_a_client_that_does_not_read_takes_no_memory() throws IOException {
        WebClient client = loggedIn("c");
        Packets.Body pings = new Packets.Body();
        for (int i = 0; i < 100; i++) {
            pings.raw(frame(FIN | PING, new byte[125]));
        }
        for (int i = 0; i < 5_000; i++) { // 64 MB: whoever kept the answers would not have the memory
            client.send(pings.bytes());
        }
        loggedIn("other").expectServed();
    }
}
