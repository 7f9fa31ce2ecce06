package io.openedge.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends the bytes it is told to; every wait ends after ten seconds. */
final class RawHttp implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private final SocketChannel channel;
    private String received = "";

    RawHttp(SocketAddress address) throws IOException {
        channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        channel.connect(address);
    }

    static String request(String method, String path, String body) {
        return method + " " + path
                + " HTTP/1.1\r\nHost: x\r\nx-iot-edge-username: hub\r\nx-iot-edge-password: t0ken\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    RawHttp send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** The next answer as "STATUS BODY". */
    String answer() throws Exception {
        while (!received.contains("\r\n\r\n")) {
            receive();
        }
        int body = received.indexOf("\r\n\r\n") + 4;
        Matcher length = LENGTH.matcher(received.substring(0, body));
        int end = body + (length.find() ? Integer.parseInt(length.group(1)) : 0);
        while (received.length() < end) {
            receive();
        }
        String answer =
                received.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()) + " " + received.substring(body, end);
        received = received.substring(end);
        return answer;
    }

    /** Waits until the server ends the connection; what comes before is dropped. */
    void awaitEnd() throws Exception {
        while (read() >= 0) {
            received = "";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void receive() throws Exception {
        if (read() < 0) {
            throw new IOException("the connection ended after: " + received);
        }
    }

    private int read() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        int count = CompletableFuture.supplyAsync(() -> {
                    try {
                        return channel.read(buffer);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        received += new String(buffer.array(), 0, Math.max(count, 0), StandardCharsets.UTF_8);
        return count;
    }
}
