package io.openedge.master.update;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;

/** Waits for one message on a topic: as little of MQTT 3.1.1 as that needs, without a client library. Stateless. */
final class MqttProbe {
    private static final int PORT = 1883;
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH = 0x30;
    private static final int SUBSCRIBE = 0x82;
    private static final int SUBACK = 0x90;
    private static final int LOGIN = 0xC2;
    private static final int REFUSED = 0x80;

    private MqttProbe() {}

    /**
     * @param address {@code mqtt://USER:PASSWORD@HOST:PORT/TOPIC}
     * @param limit for all of it. Unit: milliseconds
     * @throws IOException says why no message came
     */
    static void await(URI address, int limit) throws IOException {
        long end = System.nanoTime() + limit * 1_000_000L;
        int port = address.getPort() < 0 ? PORT : address.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port), limit);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(socket, CONNECT, connect(String.valueOf(address.getUserInfo())));
            byte[] answer = next(socket, in, end, CONNACK);
            if (answer.length != 2 || answer[1] != 0) {
                throw new IOException("the login is refused");
            }
            send(socket, SUBSCRIBE, subscribe(address.getPath().substring(1)));
            answer = next(socket, in, end, SUBACK);
            if (answer.length != 3 || (answer[2] & 0xFF) == REFUSED) {
                throw new IOException("the subscription is refused");
            }
            next(socket, in, end, PUBLISH);
        }
    }

    private static byte[] next(Socket socket, DataInputStream in, long end, int type) throws IOException {
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000L;
            if (left <= 0) {
                throw new IOException(type == PUBLISH ? "no message came" : "no answer came");
            }
            socket.setSoTimeout((int) left);
            int first;
            byte[] body;
            try {
                first = in.readUnsignedByte();
                body = new byte[length(in)];
                in.readFully(body);
            } catch (java.net.SocketTimeoutException e) {
                throw new IOException(type == PUBLISH ? "no message came" : "no answer came", e);
            }
            if ((first & 0xF0) == type) {
                return body;
            }
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80) {
                return length;
            }
        }
        throw new IOException("what answers is no broker");
    }

    private static byte[] connect(String login) throws IOException {
        int colon = login.indexOf(':');
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(body);
        fields.writeUTF("MQTT");
        fields.write(new byte[] {4, (byte) LOGIN, 0, 0});
        fields.writeUTF("probe-" + Long.toHexString(new SecureRandom().nextLong()));
        fields.writeUTF(colon < 0 ? login : login.substring(0, colon));
        fields.writeUTF(colon < 0 ? "" : login.substring(colon + 1));
        return body.toByteArray();
    }

    private static byte[] subscribe(String topic) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(body);
        fields.writeShort(1);
        fields.writeUTF(topic);
        fields.write(0);
        return body.toByteArray();
    }

    private static void send(Socket socket, int type, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int length = body.length;
        do {
            packet.write(length % 128 | (length > 127 ? 128 : 0));
            length /= 128;
        } while (length > 0);
        packet.writeBytes(body);
        socket.getOutputStream().write(packet.toByteArray());
    }
}
