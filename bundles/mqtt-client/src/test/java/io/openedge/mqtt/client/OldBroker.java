package io.openedge.mqtt.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accepts a connection of MQTT 3.1.1 and no other. */
final class OldBroker implements AutoCloseable {
    private static final int LEVEL = 6;

    /** Which levels were asked for: 5 is MQTT 5, 4 is MQTT 3.1.1. */
    final List<Integer> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** What it says to all other versions before it closes the connection. */
    private final byte[] refusal;
    /** Which level it accepts. */
    private volatile int level = 4;

    OldBroker(int... refusal) throws IOException {
        this.refusal = new byte[refusal.length];
        for (int i = 0; i < refusal.length; i++) {
            this.refusal[i] = (byte) refusal[i];
        }
        Thread thread = new Thread(this::accept);
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    void accepts(int other) {
        level = other;
    }

    /** Ends all connections. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readUnsignedByte();
                byte[] body = in.readNBytes(in.readUnsignedByte());
                int wanted = body[LEVEL];
                asked.add(wanted);
                if (wanted == level) {
                    socket.getOutputStream()
                            .write(level == 5 ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0});
                } else {
                    socket.getOutputStream().write(refusal);
                    socket.close();
                }
            } catch (IOException over) {
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
