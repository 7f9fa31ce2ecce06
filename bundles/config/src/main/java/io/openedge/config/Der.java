package io.openedge.config;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The little of DER that turns old private keys into PKCS#8. Stateless. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    /** rsaEncryption, NULL. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** id-ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private Der() {}

    /** PKCS#8 around an RSA key in PKCS#1. */
    static byte[] rsa(byte[] pkcs1) {
        return value(SEQUENCE, VERSION_0, value(SEQUENCE, RSA), value(OCTETS, pkcs1));
    }

    /** PKCS#8 around an EC key in SEC 1. */
    static byte[] ec(byte[] sec1, byte[] curve) {
        return value(SEQUENCE, VERSION_0, value(SEQUENCE, EC, curve), value(OCTETS, sec1));
    }

    /** The curve that an EC key in SEC 1 names by itself. */
    static Optional<byte[]> curve(byte[] sec1) {
        int at = header(sec1, 0);
        while (at < sec1.length) {
            int start = header(sec1, at);
            int end = start + length(sec1, at);
            if (end > sec1.length) {
                break;
            }
            if ((sec1[at] & 0xff) == CURVE) {
                return Optional.of(Arrays.copyOfRange(sec1, start, end));
            }
            at = end;
        }
        return Optional.empty();
    }

    /** Where the content of the value at a position starts. */
    private static int header(byte[] der, int at) {
        if (at + 1 >= der.length) {
            return der.length;
        }
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int start = header(der, at);
        if (start >= der.length || start - at > 5) {
            return der.length;
        }
        int length = start == at + 2 ? der[at + 1] : 0;
        for (int i = at + 2; i < start; i++) {
            length = length << 8 | der[i] & 0xff;
        }
        return length < 0 ? der.length : length;
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> 8 * i);
            }
        }
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
