package io.openedge.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client of MQTT 3.1.1 with a persistent session that keeps its side of QoS 1 and 2 over any number of connections: it
 * comes again, on a thread of its own, whenever it is thrown out.
 */
abstract class SureClient implements AutoCloseable {
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;

    private static final int CONNACK = 2;
    private static final int PAUSE_MILLIS = 20;
    private static final int SILENCE_MILLIS = 60_000;

    private final String id;
    private final int port;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Socket current;
    private volatile Throwable fault;
    private DataInputStream in;
    private DataOutputStream out;
    private boolean known;

    /** A packet of the hub. */
    record Packet(int head, byte[] body) {
        int type() {
            return head >> 4;
        }

        int id(int at) {
            return (body[at] & 0xff) << 8 | body[at + 1] & 0xff;
        }
    }

    SureClient(String id, int port) {
        this.id = id;
        this.port = port;
        thread = new Thread(this::run, id);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (goesOn()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    serve(socket);
                } catch (IOException thrownOut) {
                    stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            fault = e;
        }
    }

    private void serve(Socket socket) throws IOException {
        current = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
        Body connect = new Body().text("MQTT");
        connect.data.write(new byte[] {4, (byte) 0xC0, 0, 0});
        send(0x10, connect.text(id).text("test").text("hahaha"));
        Packet answer = read();
        if (answer.type() != CONNACK || answer.body()[1] != 0) {
            throw new IllegalStateException(id + " is not let in: " + answer.body()[1]);
        }
        if (known && answer.body()[0] == 0) {
            throw new IllegalStateException("the session of " + id + " is lost");
        }
        converse(!known);
    }

    /** The session is stored: it must be there at the next connection. */
    void known() {
        known = true;
    }

    /** What happens on a connection, until it breaks or there is nothing left to do. */
    abstract void converse(boolean first) throws IOException;

    boolean stopping() {
        return stopped.getCount() == 0;
    }

    /** Does nothing for a while, or until it is to stop. */
    void rest(int millis) {
        try {
            stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when there is nothing left to do. */
    abstract boolean goesOn();

    /** A packet in the making. */
    static final class Body {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream data = new DataOutputStream(bytes);

        Body u8(int value) throws IOException {
            data.writeByte(value);
            return this;
        }

        Body u16(int value) throws IOException {
            data.writeShort(value);
            return this;
        }

        Body u64(long value) throws IOException {
            data.writeLong(value);
            return this;
        }

        Body text(String text) throws IOException {
            data.writeUTF(text);
            return this;
        }
    }

    void send(int head, Body body) throws IOException {
        byte[] content = body.bytes.toByteArray();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(head);
        packet.write(content.length); // all of ours are short
        packet.writeBytes(content);
        out.write(packet.toByteArray());
    }

    Packet read() throws IOException {
        int head = in.readUnsignedByte();
        byte[] body = new byte[in.readUnsignedByte()];
        in.readFully(body);
        return new Packet(head, body);
    }

    /** Empty when all is well. */
    String fault() {
        return fault == null ? "" : fault.toString();
    }

    /** Ends what it is at, then itself; returns when it has. */
    void finish(long millis) throws InterruptedException {
        stopped.countDown();
        thread.join(millis);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stopped.countDown();
        Socket socket = current;
        if (socket != null) {
            socket.close();
        }
        thread.interrupt();
        thread.join();
    }
}
