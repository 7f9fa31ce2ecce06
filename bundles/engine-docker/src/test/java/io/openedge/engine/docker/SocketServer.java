package io.openedge.engine.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers every request on a unix socket with an empty success, and remembers its first line. */
final class SocketServer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    SocketServer(Path path) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Thread thread = new Thread(this::serve, "api");
        thread.setDaemon(true);
        thread.start();
    }

    List<String> requests() {
        return requests;
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                    BufferedReader reader = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                    requests.add(reader.readLine());
                    client.write(StandardCharsets.UTF_8.encode(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                }
            }
        } catch (IOException e) {
            requests.add("closed");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
