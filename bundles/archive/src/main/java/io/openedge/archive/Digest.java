package io.openedge.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * What the content of a file is known by. Immutable; any thread.
 *
 * @param algorithm how it is computed
 * @param hex its value in lower-case hexadecimal
 */
public record Digest(Algorithm algorithm, String hex) {
    /** How a digest is computed. */
    public enum Algorithm {
        /** Of older clouds: finds accidents, no attacks. */
        MD5("MD5", 16),
        /** The one to use. */
        SHA256("SHA-256", 32);

        private final String platformName;
        private final int length;

        Algorithm(String platformName, int length) {
            this.platformName = platformName;
            this.length = length;
        }

        MessageDigest start() {
            try {
                return MessageDigest.getInstance(platformName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has " + platformName, e);
            }
        }
    }

    public Digest {
        if (!hex.matches("[0-9a-f]{" + 2 * algorithm.length + "}")) {
            throw new IllegalArgumentException("no " + algorithm.platformName + ": " + hex);
        }
    }

    /**
     * An MD5 as older clouds write it.
     *
     * @param base64 of the 16 bytes
     * @throws ArchiveException when it is none
     */
    public static Digest md5(String base64) throws ArchiveException {
        try {
            return new Digest(
                    Algorithm.MD5, HexFormat.of().formatHex(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            throw new ArchiveException("md5: '" + base64 + "' is wrong; allowed: the 16 bytes of an MD5 in base64");
        }
    }

    /**
     * A SHA-256.
     *
     * @param hex 64 hexadecimal digits, upper or lower case
     * @throws ArchiveException when it is none
     */
    public static Digest sha256(String hex) throws ArchiveException {
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new ArchiveException("sha256: '" + hex + "' is wrong; allowed: 64 hexadecimal digits");
        }
        return new Digest(
                Algorithm.SHA256, HexFormat.of().formatHex(HexFormat.of().parseHex(hex)));
    }

    /** Computes the digest of a file. */
    public static Digest of(Path file, Algorithm algorithm) throws IOException {
        MessageDigest digest = algorithm.start();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    /** Whether this is the digest of a file. */
    public boolean matches(Path file) throws IOException {
        return equals(of(file, algorithm));
    }

    @Override
    public String toString() {
        return algorithm.platformName + " " + hex;
    }
}
