import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * As little of MQTT 3.1.1 as a benchmark needs: it logs in as the examples' user, and whoever wrote a batch flushes it.
 *
 * <p>Thread rule: one thread reads, any thread writes.
 */
final class BenchmarkClient implements AutoCloseable {
    static final int PUBLISH = 3;
    static final int PUBACK = 4;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int lastId;

    /** A packet: its first byte and what follows the length. */
    record Packet(int first, byte[] body) {
        int type() {
            return first >> 4;
        }

        int qos() {
            return first >> 1 & 3;
        }

        /** Of a PUBLISH. */
        String payload() {
            int at = topicEnd() + (qos() > 0 ? 2 : 0);
            return new String(body, at, body.length - at, StandardCharsets.UTF_8);
        }

        /** Of a PUBLISH above QoS 0. */
        int id() {
            int at = topicEnd();
            return (body[at] & 0xFF) << 8 | body[at + 1] & 0xFF;
        }

        private int topicEnd() {
            return 2 + ((body[0] & 0xFF) << 8 | body[1] & 0xFF);
        }
    }

    BenchmarkClient(int port, String clientId) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65536));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 65536));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(body);
        fields.writeUTF("MQTT");
        fields.write(new byte[] {4, (byte) 0xC2, 0, 0});
        fields.writeUTF(clientId);
        fields.writeUTF("test");
        fields.writeUTF("hahaha");
        write(0x10, body.toByteArray());
        flush();
        if (in.readInt() != 0x20020000) {
            throw new IOException("refused");
        }
    }

    /** How long a read waits at most; 0 for ever. */
    void limit(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Subscribes and waits for the SUBACK. */
    void subscribe(String filter, int qos) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(body);
        fields.writeShort(1);
        fields.writeUTF(filter);
        fields.write(qos);
        write(0x82, body.toByteArray());
        flush();
        if (read().type() != 9) {
            throw new IOException("no SUBACK");
        }
    }

    /** Writes a message of QoS 0 without a flush. */
    synchronized void publish(String topic, byte[] payload) throws IOException {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        out.write(0x30);
        length(2 + name.length + payload.length);
        out.writeShort(name.length);
        out.write(name);
        out.write(payload);
    }

    /** Writes a message of QoS 1 without a flush. */
    synchronized void publishSafely(String topic, byte[] payload) throws IOException {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        lastId = lastId % 0xFFFF + 1;
        out.write(0x32);
        length(4 + name.length + payload.length);
        out.writeShort(name.length);
        out.write(name);
        out.writeShort(lastId);
        out.write(payload);
    }

    void acknowledge(int id) throws IOException {
        write(0x40, new byte[] {(byte) (id >> 8), (byte) id});
        flush();
    }

    synchronized void flush() throws IOException {
        out.flush();
    }

    Packet read() throws IOException {
        int first = in.readUnsignedByte();
        byte[] body = new byte[length()];
        in.readFully(body);
        return new Packet(first, body);
    }

    private int length() throws IOException {
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit > 127);
        return length;
    }

    private synchronized void write(int type, byte[] body) throws IOException {
        out.write(type);
        length(body.length);
        out.write(body);
    }

    private void length(int length) throws IOException {
        int rest = length;
        do {
            out.write(rest & 0x7F | (rest > 0x7F ? 0x80 : 0));
            rest >>>= 7;
        } while (rest > 0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
