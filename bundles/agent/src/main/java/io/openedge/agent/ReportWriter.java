package io.openedge.agent;

import io.openedge.agent.AgentConfig.Format;
import io.openedge.app.ConfigException;
import io.openedge.config.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives reports the form of the cloud's contract. The older form is AES-256-CBC with a zero IV under a key of its own, which
 * is sent with the type 1 padding of PKCS#1 under the client's private key: whoever has the certificate can read it, so it
 * protects nothing that TLS does not. Immutable; any thread.
 */
final class ReportWriter {
    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;

    private final Format format;
    private final String clientId;
    private final String serial;
    private final PrivateKey key;
    private final SecureRandom random = new SecureRandom();

    /** @throws ConfigException when certificate or key cannot be used for the format */
    ReportWriter(AgentConfig.Remote config, Path directory) throws ConfigException {
        format = config.report().format();
        clientId = config.mqtt().clientId();
        serial = Pem.certificates(directory.resolve(config.mqtt().cert()))
                .get(0)
                .getSerialNumber()
                .toString();
        key = Pem.privateKey(directory.resolve(config.mqtt().key()));
        if (format == Format.LEGACY && !key.getAlgorithm().equals("RSA")) {
            throw new ConfigException("remote.report.format: legacy needs an RSA key, remote.mqtt.key is one of "
                    + key.getAlgorithm() + "; allowed: an RSA key, or format: json");
        }
    }

    ReportBody write(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        if (format == Format.JSON) {
            return new ReportBody(
                    text,
                    Map.of(
                            "Content-Type", "application/json",
                            "x-iot-edge-sn", serial,
                            "x-iot-edge-clientid", clientId));
        }
        byte[] secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        return new ReportBody(
                Base64.getEncoder().encode(encrypted(text, secret)),
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "x-iot-edge-sn",
                        serial,
                        "x-iot-edge-clientid",
                        clientId,
                        "x-iot-edge-key",
                        Base64.getEncoder().encodeToString(signed(secret))));
    }

    private static byte[] encrypted(byte[] text, byte[] secret) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding"); // the JDK's name of PKCS#7
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(secret, "AES"), new IvParameterSpec(new byte[BLOCK_BYTES]));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    private byte[] signed(byte[] secret) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding"); // of type 1, as the key is a private one
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher.doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has RSA, and the key is one", e);
        }
    }
}
