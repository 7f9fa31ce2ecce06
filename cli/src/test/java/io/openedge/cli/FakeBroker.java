package io.openedge.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A broker that writes down what is published and sends three messages to whoever subscribes. */
final class FakeBroker implements AutoCloseable {
    final List<String> published = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final int connectCode;
    private final int subscribeCode;

    /**
     * @param connectCode what CONNACK says, 0 for welcome
     * @param subscribeCode what SUBACK says
     */
    FakeBroker(int connectCode, int subscribeCode) throws IOException {
        this.connectCode = connectCode;
        this.subscribeCode = subscribeCode;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "broker");
        thread.setDaemon(true);
        thread.start();
    }

    String port() {
        return Integer.toString(server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                talk(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
            } catch (IOException expected) {
                // the client or the test is done
            }
        }
    }

    private void talk(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(in.readUnsignedByte());
            switch (type >> 4) {
                case 1 -> out.write(new byte[] {0x20, 2, 0, (byte) connectCode});
                case 3 -> publish(type, body, out);
                case 8 -> subscribe(body, out);
                default -> {
                    return;
                }
            }
        }
    }

    private void publish(int type, byte[] body, DataOutputStream out) throws IOException {
        int topic = 2 + body[1];
        int qos = type >> 1 & 3;
        int payload = topic + (qos > 0 ? 2 : 0);
        published.add(text(body, 2, topic) + " " + text(body, payload, body.length) + " q" + qos + " r" + (type & 1));
        if (qos > 0) {
            out.write(new byte[] {0x40, 2, body[topic], body[topic + 1]});
        }
    }

    private void subscribe(byte[] body, DataOutputStream out) throws IOException {
        out.write(new byte[] {(byte) 0x90, 3, body[0], body[1], (byte) subscribeCode});
        for (char c : "abc".toCharArray()) {
            out.write(new byte[] {0x30, 4, 0, 1, 't', (byte) c});
        }
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
