package io.openedge.hub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT packets as bytes, written without the codec under test. */
final class Packets {
    static final byte[] PINGREQ = {(byte) 0xC0, 0};
    static final byte[] DISCONNECT = {(byte) 0xE0, 0};

    private Packets() {}

    /** A CONNECT in the making; what is not said is: user test, clean session, no keep-alive, no will. */
    static final class Connect {
        private final String clientId;
        private String username = "test";
        private String password = "hahaha";
        private boolean clean = true;
        private int keepAlive;
        private String willTopic = "";
        private String willPayload = "";
        private int willQos;
        private boolean willRetain;
        private int version = 4;

        Connect(String clientId) {
            this.clientId = clientId;
        }

        Connect user(String name, String secret) {
            username = name;
            password = secret;
            return this;
        }

        Connect persistent() {
            clean = false;
            return this;
        }

        Connect keepAlive(int seconds) {
            keepAlive = seconds;
            return this;
        }

        Connect version(int number) {
            version = number;
            return this;
        }

        Connect will(String topic, String payload, int qos, boolean retain) {
            willTopic = topic;
            willPayload = payload;
            willQos = qos;
            willRetain = retain;
            return this;
        }

        byte[] bytes() {
            boolean will = !willTopic.isEmpty();
            int flags = (username.isEmpty() ? 0 : 0x80) | (password.isEmpty() ? 0 : 0x40) | (clean ? 2 : 0);
            flags |= will ? 4 | willQos << 3 | (willRetain ? 0x20 : 0) : 0;
            Body body = new Body()
                    .text(version == 3 ? "MQIsdp" : "MQTT")
                    .u8(version)
                    .u8(flags)
                    .u16(keepAlive);
            if (version == 5) {
                body.u8(0);
            }
            body.text(clientId);
            if (will) {
                body.text(willTopic).text(willPayload);
            }
            if (!username.isEmpty()) {
                body.text(username);
            }
            if (!password.isEmpty()) {
                body.text(password);
            }
            return packet(0x10, body.bytes());
        }
    }

    static byte[] publish(String topic, byte[] payload, int qos, boolean retain, int id) {
        Body body = new Body().text(topic);
        if (qos > 0) {
            body.u16(id);
        }
        return packet(0x30 | qos << 1 | (retain ? 1 : 0), body.raw(payload).bytes());
    }

    static byte[] subscribe(int id, int qos, String... filters) {
        Body body = new Body().u16(id);
        for (String filter : filters) {
            body.text(filter).u8(qos);
        }
        return packet(0x82, body.bytes());
    }

    static byte[] unsubscribe(int id, String filter) {
        return packet(0xA2, new Body().u16(id).text(filter).bytes());
    }

    static byte[] puback(int id) {
        return packet(0x40, new Body().u16(id).bytes());
    }

    static byte[] pubrec(int id) {
        return packet(0x50, new Body().u16(id).bytes());
    }

    static byte[] pubrel(int id) {
        return packet(0x62, new Body().u16(id).bytes());
    }

    static byte[] pubcomp(int id) {
        return packet(0x70, new Body().u16(id).bytes());
    }

    /** The same packet once more. */
    static byte[] again(byte[] packet) {
        byte[] copy = packet.clone();
        copy[0] |= 8;
        return copy;
    }

    static byte[] packet(int head, byte[] body) {
        Body out = new Body().u8(head);
        int rest = body.length;
        while (rest > 0x7f) {
            out.u8(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        return out.u8(rest).raw(body).bytes();
    }

    /** Bytes that grow. */
    static final class Body {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Body u8(int value) {
            out.write(value);
            return this;
        }

        Body u16(int value) {
            return u8(value >>> 8).u8(value);
        }

        Body text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return u16(utf8.length).raw(utf8);
        }

        Body raw(byte... bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
