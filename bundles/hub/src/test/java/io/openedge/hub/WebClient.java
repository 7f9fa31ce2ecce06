package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A WebSocket client on a bare socket, which may break every rule. Waits at most five seconds for anything. */
final class WebClient implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;

    private static final byte[] MASK = {0x12, (byte) 0xfe, 0, 0x77};

    private final Socket socket;
    private final DataInputStream in;

    /** A frame from the hub. */
    record Frame(int first, byte[] payload) {
        int code() {
            return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }
    }

    WebClient(InetSocketAddress hub) throws IOException {
        this(new Socket(hub.getAddress(), hub.getPort()));
    }

    WebClient(Socket connected) throws IOException {
        socket = connected;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** The request of RFC 6455, section 1.3, for a path and sub-protocols. */
    static String request(String path, String protocols) {
        return String.join(
                "\r\n",
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: " + protocols,
                "Sec-WebSocket-Version: 13",
                "",
                "");
    }

    WebClient send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a request and answers the head of the response. */
    String ask(String request) throws IOException {
        send(request.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("end of the response after " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    /** Opens the WebSocket. */
    WebClient open() throws IOException {
        assertThat(ask(request("/mqtt", "mqtt"))).startsWith("HTTP/1.1 101 ");
        return this;
    }

    /** Opens it and logs in. */
    WebClient login(Packets.Connect connect) throws IOException {
        open().send(frame(FIN | BINARY, connect.bytes()));
        assertThat(packets(4)).isEqualTo(new byte[] {0x20, 2, 0, 0});
        return this;
    }

    static byte[] frame(int first, byte... payload) {
        return frame(first, payload.length, payload);
    }

    /** With a length that is not that of the payload. */
    static byte[] frame(int first, long length, byte... payload) {
        Packets.Body body = new Packets.Body().u8(first);
        if (length >= 0 && length < 126) {
            body.u8(0x80 | (int) length);
        } else if (length >= 0 && length < 65_536) {
            body.u8(0x80 | 126).u16((int) length);
        } else {
            body.u8(0x80 | 127).u16((int) (length >> 48)).u16((int) (length >> 32));
            body.u16((int) (length >> 16)).u16((int) length);
        }
        body.raw(MASK);
        for (int i = 0; i < payload.length; i++) {
            body.u8(payload[i] ^ MASK[i % 4]);
        }
        return body.bytes();
    }

    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        assertThat(length).as("the hub does not mask").isLessThan(128);
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(first, payload);
    }

    /** So many bytes of binary frames. */
    byte[] packets(int bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < bytes) {
            Frame frame = read();
            assertThat(frame.first()).isEqualTo(FIN | BINARY);
            all.writeBytes(frame.payload());
        }
        return all.toByteArray();
    }

    /** A ping of MQTT is answered: the connection is whole. */
    void expectServed() throws IOException {
        send(frame(FIN | BINARY, Packets.PINGREQ));
        assertThat(packets(2)).isEqualTo(new byte[] {(byte) 0xD0, 0});
    }

    /** The hub says this code and closes. */
    void expectClosed(int code) throws IOException {
        Frame close = read();
        assertThat(close.first()).isEqualTo(FIN | CLOSE);
        assertThat(close.code()).isEqualTo(code);
        assertThat(in.read()).isEqualTo(-1);
    }

    int readByte() throws IOException {
        return in.read();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
