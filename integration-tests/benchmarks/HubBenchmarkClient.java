import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * As little of MQTT 3.1.1 as a load generator needs, over a channel that does not block. One thread. Packets are put into
 * a buffer; {@link #flush} hands the buffer to the kernel.
 */
final class HubBenchmarkClient {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int SUBACK = 9;
    static final int PINGRESP = 13;

    /** What comes from the broker. */
    interface Receiver {
        /** A whole packet; its body lies in the buffer from {@code body} on. */
        void packet(HubBenchmarkClient from, int head, ByteBuffer in, int body, int length);

        default void connected(HubBenchmarkClient client) {}

        /** The broker closed. */
        void closed(HubBenchmarkClient client);
    }

    private final SocketChannel channel = SocketChannel.open();
    private final SelectionKey key;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private final Receiver receiver;
    private boolean writing;
    boolean open = true;

    /** Begins to connect. */
    HubBenchmarkClient(Selector selector, int port, int bufferSize, Receiver receiver) throws IOException {
        this.receiver = receiver;
        boolean small = bufferSize < 4096;
        in = small ? ByteBuffer.allocate(bufferSize) : ByteBuffer.allocateDirect(bufferSize);
        out = small ? ByteBuffer.allocate(bufferSize) : ByteBuffer.allocateDirect(bufferSize);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // thousands of them leave no port in TIME_WAIT
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        if (channel.connect(new InetSocketAddress("127.0.0.1", port))) {
            connected();
        }
    }

    private void connected() throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        receiver.connected(this);
        flush();
    }

    static void ready(SelectionKey key) {
        HubBenchmarkClient client = (HubBenchmarkClient) key.attachment();
        try {
            if (key.isConnectable()) {
                client.channel.finishConnect();
                client.connected();
            } else {
                if (key.isWritable()) {
                    client.flush();
                }
                if (key.isReadable()) {
                    client.read();
                }
            }
        } catch (IOException e) {
            client.close();
            client.receiver.closed(client);
        }
    }

    private void read() throws IOException {
        if (channel.read(in) < 0) {
            throw new IOException("closed");
        }
        in.flip();
        int at = 0;
        int end = in.limit();
        while (end - at >= 2) {
            int length = in.get(at + 1) & 0x7F;
            int body = at + 2;
            if (in.get(at + 1) < 0) {
                if (end - at < 3) {
                    break;
                }
                length |= (in.get(at + 2) & 0x7F) << 7;
                body++;
            }
            if (end - body < length) {
                break;
            }
            receiver.packet(this, in.get(at) & 0xFF, in, body, length);
            at = body + length;
        }
        in.position(at);
        in.compact();
        if (out.position() > 0) {
            flush();
        }
    }

    /** False while the kernel has not taken what was put before. */
    boolean free() {
        return open && !writing;
    }

    /** Room for so many bytes more. */
    boolean room(int bytes) {
        return out.remaining() >= bytes;
    }

    void flush() throws IOException {
        if (!open || out.position() == 0) {
            return;
        }
        out.flip();
        channel.write(out);
        boolean rest = out.hasRemaining();
        out.compact();
        if (rest != writing) {
            writing = rest;
            key.interestOps(rest ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** The buffer to put packets into. */
    ByteBuffer out() {
        return out;
    }

    void connect(String id) {
        byte[] name = id.getBytes(StandardCharsets.US_ASCII);
        out.put((byte) 0x10).put((byte) (10 + 2 + name.length + 6 + 8));
        out.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.US_ASCII));
        out.put((byte) 4).put((byte) 0xC2).putShort((short) 0);
        out.putShort((short) name.length).put(name);
        out.putShort((short) 4).put("test".getBytes(StandardCharsets.US_ASCII));
        out.putShort((short) 6).put("hahaha".getBytes(StandardCharsets.US_ASCII));
    }

    void subscribe(String filter, int qos) {
        byte[] name = filter.getBytes(StandardCharsets.US_ASCII);
        out.put((byte) 0x82).put((byte) (5 + name.length)).putShort((short) 1);
        out.putShort((short) name.length).put(name).put((byte) qos);
    }

    void acknowledge(short id) {
        out.put((byte) 0x40).put((byte) 2).putShort(id);
    }

    void ping() {
        out.putShort((short) 0xC000);
    }

    void close() {
        open = false;
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
