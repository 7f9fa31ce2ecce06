package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.openedge.app.HealthCheck;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** The probes of {@code health:} against real sockets. */
public class ProbeTest {
    @Test
    public void aPortThatListensIsWellAndOneThatDoesNotIsNot() throws Exception {
        int port;
        try (ServerSocket server = listening()) {
            port = server.getLocalPort();
            assertThat(look(tcp("" + port))).isEmpty();
            assertThat(look(tcp("127.0.0.1:" + port))).isEmpty();
            assertThat(look(tcp("localhost:" + port))).isEmpty();
        }
        assertThat(look(tcp("127.0.0.1:" + port)).orElseThrow()).contains("tcp 127.0.0.1:" + port, "refused");
        assertThat(look(tcp("nowhere.invalid:1"))).isPresent();
    }

    @Test
    public void anAddressThatAnswersSomethingElseThan2xxIsNotWell() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/bad", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(look(http(address + "/good"))).isEmpty();
            assertThat(look(http(address + "/bad")).orElseThrow()).contains("/bad", "answers 503");
        } finally {
            server.stop(0);
        }
        assertThat(look(http("http://127.0.0.1:1/"))).isPresent();
    }

    @Test
    public void aTopicIsWellWhenAMessageAppears() throws Exception {
        try (ServerSocket server = listening()) {
            String address = "mqtt://test:hahaha@127.0.0.1:" + server.getLocalPort() + "/t/alive";
            CompletableFuture<String> broker = broker(server, 0, true);
            assertThat(look(mqtt(address))).isEmpty();
            assertThat(broker.get(10, TimeUnit.SECONDS)).isEqualTo("test hahaha t/alive");

            broker(server, 0, false);
            assertThat(look(mqtt(address)).orElseThrow())
                    .contains("no message came")
                    .doesNotContain("hahaha");
            broker(server, 5, false);
            assertThat(look(mqtt(address)).orElseThrow()).contains("login is refused");
        }
    }

    /** Takes one login and one subscription, and sends one message when it should. */
    private static CompletableFuture<String> broker(ServerSocket server, int code, boolean sends) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                in.skipNBytes(2 + 10);
                in.readUTF();
                String login = in.readUTF() + " " + in.readUTF();
                out.write(new byte[] {0x20, 2, 0, (byte) code});
                if (code != 0) {
                    in.read();
                    return "";
                }
                in.skipNBytes(4);
                String topic = in.readUTF();
                in.skipNBytes(1);
                out.write(new byte[] {(byte) 0x90, 3, 0, 1, 0});
                if (sends) {
                    out.write(new byte[] {0x30, 4, 0, 1, 't', 'x'});
                }
                in.read();
                return login + " " + topic;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Optional<String> look(HealthCheck check) {
        return Probe.look(check, List.of());
    }

    private static HealthCheck tcp(String address) {
        return new HealthCheck(null, null, Duration.ofSeconds(1), address, null, null, null);
    }

    private static HealthCheck http(String address) {
        return new HealthCheck(null, null, Duration.ofSeconds(1), null, address, null, null);
    }

    private static HealthCheck mqtt(String address) {
        return new HealthCheck(null, null, Duration.ofSeconds(1), null, null, address, null);
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }
}
