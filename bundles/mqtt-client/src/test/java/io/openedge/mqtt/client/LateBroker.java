package io.openedge.mqtt.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks just enough MQTT to take messages of QoS 2 in a session that it has kept. It answers a PUBREL whose packet id it
 * does not know late, before the next PUBREC, or never.
 */
final class LateBroker implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final boolean answering;

    LateBroker(boolean answering) throws IOException {
        this.answering = answering;
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    DataInputStream in = new DataInputStream(socket.getInputStream())) {
                connections.incrementAndGet();
                converse(in, socket.getOutputStream());
            } catch (IOException over) {
                continue;
            }
        }
    }

    private void converse(DataInputStream in, OutputStream out) throws IOException {
        Set<Integer> received = new HashSet<>();
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        while (true) {
            int type = in.readUnsignedByte() >> 4;
            byte[] body = in.readNBytes(in.readUnsignedByte());
            switch (type) {
                case 1 -> out.write(new byte[] {0x20, 2, 1, 0});
                case 3 -> {
                    int at = 2 + (body[0] << 8 | body[1]);
                    received.add(id(body, at));
                    late.writeTo(out);
                    late.reset();
                    out.write(new byte[] {0x50, 2, body[at], body[at + 1]});
                }
                case 6 -> {
                    byte[] answer = {0x70, 2, body[0], body[1]};
                    if (received.remove(id(body, 0))) {
                        out.write(answer);
                    } else if (answering) {
                        late.writeBytes(answer);
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private static int id(byte[] body, int at) {
        return (body[at] & 0xff) << 8 | body[at + 1] & 0xff;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
