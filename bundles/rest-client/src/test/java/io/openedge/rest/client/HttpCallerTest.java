package io.openedge.rest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One request against servers that say what a test tells them to. */
public class HttpCallerTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());

    @Test
    public void overAUnixSocket() throws Exception {
        Path path = folder.getRoot().toPath().resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            CompletableFuture<String> request = serve(server, OK);
            assertThat(send(new ServerAddress.Unix(path), Duration.ofSeconds(10))
                            .text())
                    .isEqualTo("hi");
            assertThat(request.get(10, TimeUnit.SECONDS)).isEqualTo("PUT /x HTTP/1.1");
        }
    }

    @Test
    public void overTcpInChunks() throws Exception {
        try (ServerSocketChannel server = tcp()) {
            serve(server, "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
            HttpAnswer answer = send(address(server), Duration.ofSeconds(10));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).isEqualTo("abc");
        }
    }

    @Test
    public void nobodyThere() {
        Path path = folder.getRoot().toPath().resolve("none");
        assertFails(new ServerAddress.Unix(path), Duration.ofSeconds(10), "unix://" + path + ": ");
        assertFails(new ServerAddress.Tcp("no.such.host.invalid", 1), Duration.ofSeconds(20), "no.such.host.invalid");
    }

    @Test
    public void aServerThatHangsUpOrTalksNonsense() throws Exception {
        try (ServerSocketChannel server = tcp()) {
            serve(server, "");
            assertFails(address(server), Duration.ofSeconds(10), "the connection ended without an answer");
            serve(server, "SMTP ready\r\n\r\n");
            assertFails(address(server), Duration.ofSeconds(10), address(server) + ": ");
            serve(server, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
            assertFails(address(server), Duration.ofSeconds(10), address(server) + ": ");
        }
    }

    @Test
    public void aServerThatSaysNothing() throws Exception {
        try (ServerSocketChannel server = tcp()) {
            assertFails(address(server), Duration.ofMillis(100), "no answer within PT0.1S");
        }
    }

    @Test
    public void addressesAsTheyAreWritten() {
        assertThat(ServerAddress.parse("unix:///a/b")).isEqualTo(new ServerAddress.Unix(Path.of("/a/b")));
        assertThat(ServerAddress.parse("tcp://127.0.0.1:50050")).isEqualTo(new ServerAddress.Tcp("127.0.0.1", 50050));
        assertThat(ServerAddress.parse("tcp://[::1]:1")).isEqualTo(new ServerAddress.Tcp("::1", 1));
        assertThat(ServerAddress.parse("tcp://[::1]:1")).hasToString("tcp://[::1]:1");
        for (String wrong :
                new String[] {"", "unix://", "tcp://", "tcp://:1", "tcp://h", "tcp://h:99999", "http://h:1"}) {
            assertThatThrownBy(() -> ServerAddress.parse(wrong)).as(wrong).hasMessageContaining("allowed: unix://PATH");
        }
    }

    @Test
    public void aTokenIsNotPrinted() {
        assertThat(new Credentials("hub", "t0ken")).hasToString("hub");
    }

    private static HttpAnswer send(ServerAddress address, Duration limit) throws Exception {
        try (HttpCaller caller = new HttpCaller(address)) {
            return caller.send(new HttpCall("PUT", "/x", Map.of(), new byte[] {'{', '}'}, limit))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static void assertFails(ServerAddress address, Duration limit, String reason) {
        assertThatThrownBy(() -> send(address, limit))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    private static ServerSocketChannel tcp() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    private static ServerAddress address(ServerSocketChannel server) throws IOException {
        return new ServerAddress.Tcp("127.0.0.1", ((InetSocketAddress) server.getLocalAddress()).getPort());
    }

    /** Answers one connection; completes with the first line of the request. */
    private static CompletableFuture<String> serve(ServerSocketChannel server, String answer) {
        CompletableFuture<String> first = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (SocketChannel client = server.accept()) {
                Scanner lines = new Scanner(Channels.newReader(client, StandardCharsets.UTF_8));
                first.complete(lines.nextLine());
                while (!lines.nextLine().isEmpty()) {
                    continue;
                }
                client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                first.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return first;
    }
}
