package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client on a bare socket. Waits at most five seconds for anything. */
final class RawClient implements AutoCloseable {
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;

    private static final int LIMIT_MILLIS = 5_000;

    private final Socket socket;
    private final DataInputStream in;

    /** A packet from the hub. */
    record Packet(int head, byte[] body) {
        int type() {
            return head >> 4;
        }
    }

    /** A PUBLISH from the hub. */
    record Published(String topic, String payload, int qos, boolean retain, boolean again, int id) {
        static Published of(Packet packet) {
            int qos = packet.head() >> 1 & 3;
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packet.body()))) {
                String topic = new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
                int id = qos > 0 ? in.readUnsignedShort() : 0;
                String payload = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new Published(topic, payload, qos, (packet.head() & 1) != 0, (packet.head() & 8) != 0, id);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    RawClient(InetSocketAddress hub) throws IOException {
        this(hub, 0);
    }

    RawClient(InetSocketAddress hub, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", hub.getPort()), LIMIT_MILLIS);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** On a socket that is connected, such as one with TLS. */
    RawClient(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(LIMIT_MILLIS);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends CONNECT and takes the CONNACK: flags and code. */
    Packet connect(Packets.Connect connect) throws IOException {
        send(connect.bytes());
        return expect(2);
    }

    int subscribe(int qos, String filter) throws IOException {
        send(Packets.subscribe(1, qos, filter));
        return expect(9).body()[2] & 0xff;
    }

    void publish(String topic, String payload) throws IOException {
        send(Packets.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 0, false, 0));
    }

    /** With acknowledgement. */
    void publishSafely(String topic, String payload, boolean retain, int id) throws IOException {
        send(Packets.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, retain, id));
        assertThat(expect(4).body()).isEqualTo(new byte[] {(byte) (id >> 8), (byte) id});
    }

    /** The first half of QoS 2: the hub has it. */
    void publishOnce(String topic, String payload, boolean retain, int id) throws IOException {
        send(Packets.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 2, retain, id));
        expect(PUBREC, id);
    }

    /** The second half of QoS 2. */
    void release(int id) throws IOException {
        send(Packets.pubrel(id));
        expect(PUBCOMP, id);
    }

    /** A packet of nothing but an id. */
    void expect(int type, int id) throws IOException {
        assertThat(expect(type).body()).as("packet id").isEqualTo(new byte[] {(byte) (id >> 8), (byte) id});
    }

    /** The subscriber's side of QoS 2, after the PUBLISH. */
    void take(Published message) throws IOException {
        send(Packets.pubrec(message.id()));
        expect(PUBREL, message.id());
        send(Packets.pubcomp(message.id()));
    }

    Packet expect(int type) throws IOException {
        Packet packet = read();
        assertThat(packet.type()).as("type of the packet").isEqualTo(type);
        return packet;
    }

    Published message() throws IOException {
        return Published.of(expect(3));
    }

    Packet read() throws IOException {
        int head = in.readUnsignedByte();
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int part = in.readUnsignedByte();
            length |= (part & 0x7f) << shift;
            if ((part & 0x80) == 0) {
                break;
            }
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(head, body);
    }

    /** Nothing comes before the answer to a ping. */
    void expectNothing() throws IOException {
        send(Packets.PINGREQ);
        expect(13);
    }

    /** The hub closes the connection and sends nothing before. */
    void expectClosed() throws IOException {
        try {
            assertThat(in.read()).as("nothing but the end").isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the hub did not close the connection", e);
        } catch (EOFException | SocketException expected) {
            assertThat(expected).isNotNull();
        }
    }

    /** Whatever comes, it ends. */
    void readToEnd() throws IOException {
        try {
            in.readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the hub did not close the connection", e);
        }
    }

    /** Goes without DISCONNECT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
