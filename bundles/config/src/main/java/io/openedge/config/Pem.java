package io.openedge.config;

import io.openedge.app.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads keys and certificates from PEM files. Stateless; any thread. Errors name the file, never its content. */
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String KEYS = "a private key without a password: BEGIN PRIVATE KEY (PKCS#8),"
            + " BEGIN RSA PRIVATE KEY (PKCS#1) or BEGIN EC PRIVATE KEY (SEC 1)";
    private static final String CERTIFICATES = "certificates in PEM: BEGIN CERTIFICATE";
    private static final String PUBLIC = "public keys in PEM: BEGIN PUBLIC KEY";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final int MAX_BYTES = 4 << 20;

    private Pem() {}

    /**
     * The first private key of a file: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), not encrypted.
     *
     * @throws ConfigException names the file and what is allowed
     */
    public static PrivateKey privateKey(Path file) throws ConfigException {
        List<Block> blocks = blocks(file);
        for (Block block : blocks) {
            if (block.label().startsWith("ENCRYPTED ") || block.body().contains("ENCRYPTED")) {
                throw new ConfigException(file + ": the key is encrypted; allowed: " + KEYS);
            }
            switch (block.label()) {
                case "PRIVATE KEY":
                    return key(file, block.bytes(file, KEYS));
                case "RSA PRIVATE KEY":
                    return key(file, Der.rsa(block.bytes(file, KEYS)));
                case "EC PRIVATE KEY":
                    byte[] sec1 = block.bytes(file, KEYS);
                    return key(file, Der.ec(sec1, curve(file, sec1, blocks)));
                default:
                    break;
            }
        }
        throw new ConfigException(file + ": holds no private key; allowed: " + KEYS);
    }

    /**
     * All certificates of a file, in its order; at least one.
     *
     * @throws ConfigException names the file and what is allowed
     */
    public static List<X509Certificate> certificates(Path file) throws ConfigException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(file, block.bytes(file, CERTIFICATES)));
            }
        }
        if (certificates.isEmpty()) {
            throw new ConfigException(file + ": holds no certificate; allowed: " + CERTIFICATES);
        }
        return List.copyOf(certificates);
    }

    /**
     * All public keys of a file, in its order; at least one.
     *
     * @throws ConfigException names the file and what is allowed
     */
    public static List<PublicKey> publicKeys(Path file) throws ConfigException {
        List<PublicKey> keys = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("PUBLIC KEY")) {
                keys.add(publicKey(file, block.bytes(file, PUBLIC)));
            }
        }
        if (keys.isEmpty()) {
            throw new ConfigException(file + ": holds no public key; allowed: " + PUBLIC);
        }
        return List.copyOf(keys);
    }

    private static PublicKey publicKey(Path file, byte[] der) throws ConfigException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException anotherKind) {
                continue;
            }
        }
        throw new ConfigException(
                file + ": holds no usable public key (damaged, or of an unknown kind); allowed: " + PUBLIC);
    }

    private static byte[] curve(Path file, byte[] sec1, List<Block> blocks) throws ConfigException {
        Optional<byte[]> own = Der.curve(sec1);
        if (own.isPresent()) {
            return own.get();
        }
        for (Block block : blocks) {
            if (block.label().equals("EC PARAMETERS")) {
                return block.bytes(file, KEYS);
            }
        }
        throw new ConfigException(file + ": does not say the curve of its key; allowed: " + KEYS);
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws ConfigException {
        InvalidKeySpecException last = new InvalidKeySpecException();
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                last = e;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java 17 has " + algorithm, e);
            }
        }
        throw new ConfigException(
                file + ": holds no usable private key (damaged, or of an unknown kind);"
                        + " allowed: RSA, EC or Ed25519 as " + KEYS,
                last);
    }

    private static X509Certificate certificate(Path file, byte[] der) throws ConfigException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new ConfigException(file + ": holds a damaged certificate; allowed: " + CERTIFICATES, e);
        }
    }

    private static List<Block> blocks(Path file) throws ConfigException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(file + ": there is no such file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new ConfigException(file + ": is too large; allowed: up to " + (MAX_BYTES >> 20) + " MiB");
        }
        return blocks(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int body = text.indexOf(DASHES, at + BEGIN.length());
            String label = body < 0 ? "" : text.substring(at + BEGIN.length(), body);
            int end = body < 0 ? -1 : text.indexOf("-----END " + label + DASHES, body);
            if (end < 0) {
                break;
            }
            blocks.add(new Block(label, text.substring(body + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    private record Block(String label, String body) {
        byte[] bytes(Path file, String allowed) throws ConfigException {
            try {
                return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(file + ": BEGIN " + label + " is damaged; allowed: " + allowed, e);
            }
        }
    }
}
