package io.openedge.config.trust;

import io.openedge.app.ConfigException;
import io.openedge.config.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keys that sign and keys that are trusted: Ed25519, or RSA from 2048 bits on. Stateless; any thread. */
public final class TrustKeys {
    private static final int LEAST_RSA = 2048;
    private static final int RSA = 3072;
    private static final int ID_LENGTH = 16;

    private TrustKeys() {}

    /** A new pair: RSA of 3072 bits, or Ed25519. */
    public static KeyPair generate(boolean rsa) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "Ed25519");
            if (rsa) {
                generator.initialize(RSA);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 17 has both", e);
        }
    }

    /** PEM: PKCS#8 of a private key, SubjectPublicKeyInfo of a public one. */
    public static String pem(Key key) {
        String label = key instanceof PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY";
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /**
     * The public keys of files.
     *
     * @throws ConfigException names the file and what is allowed
     */
    public static List<PublicKey> trusted(List<Path> files) throws ConfigException {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : files) {
            for (PublicKey key : Pem.publicKeys(file)) {
                requireStrong(key, file);
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    /**
     * A key to sign with.
     *
     * @throws ConfigException names the file and what is allowed
     */
    public static PrivateKey signing(Path file) throws ConfigException {
        PrivateKey key = Pem.privateKey(file);
        requireStrong(key, file);
        return key;
    }

    private static void requireStrong(Key key, Path file) throws ConfigException {
        boolean strong = key instanceof RSAKey rsa
                ? rsa.getModulus().bitLength() >= LEAST_RSA
                : key.getAlgorithm().equals("EdDSA") || key.getAlgorithm().equals("Ed25519");
        if (!strong) {
            throw new ConfigException(
                    file + ": holds a key that signs no sets; allowed: Ed25519, or RSA from " + LEAST_RSA + " bits on");
        }
    }

    /** What a public key is called in manifests: the beginning of its SHA-256. */
    public static String id(PublicKey key) {
        return VolumeFiles.sha256(key.getEncoded()).substring(0, ID_LENGTH);
    }

    static String sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(text);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that cannot sign: " + e, e);
        }
    }

    static boolean verifies(PublicKey key, byte[] text, String signed) {
        try {
            Signature signature = Signature.getInstance(algorithm(key));
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(Base64.getDecoder().decode(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException | IllegalArgumentException notThisKeys) {
            return false;
        }
    }

    private static String algorithm(Key key) {
        return key instanceof RSAKey ? "SHA256withRSA" : "Ed25519";
    }
}
