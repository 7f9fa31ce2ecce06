package io.openedge.hub.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as the configuration has it: in plain words, or as a hash {@code {bcrypt}…} or {@code {pbkdf2}…}. Any
 * thread; the comparison is constant in time. Errors: {@link IllegalArgumentException} for a hash that is none.
 */
public sealed interface Secret {
    /** What a hash may look like, as the end of the sentence "allowed: …". */
    String ALLOWED =
            "{bcrypt}$2b$COST$…, cost 4 to 16, or {pbkdf2}sha256:ITERATIONS:SALT:HASH, also sha512, 1000 to 10000000"
                    + " iterations, salt of 8 to 1024 and hash of 16 to 64 bytes in base64";

    /** True when that is the password. */
    boolean matches(byte[] password);

    /** True when a comparison takes so long that it must not be made on an event loop. */
    boolean slow();

    /** Nobody knows it. */
    Secret NONE = new Plain(new byte[32]);

    /** Takes the words of a configuration; empty ones are a password that nobody knows. */
    static Secret of(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.startsWith(Bcrypt.PREFIX)) {
            return Bcrypt.of(text.substring(Bcrypt.PREFIX.length()));
        }
        if (text.startsWith(Pbkdf2.PREFIX)) {
            return Pbkdf2.of(text.substring(Pbkdf2.PREFIX.length()));
        }
        return new Plain(Plain.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Kept as a digest, so that all comparisons take the same time. */
    record Plain(byte[] digest) implements Secret {
        private static byte[] digest(byte[] password) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(password);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no SHA-256", e);
            }
        }

        @Override
        public boolean matches(byte[] password) {
            return MessageDigest.isEqual(digest(password), digest);
        }

        @Override
        public boolean slow() {
            return false;
        }
    }

    /** As {@code htpasswd -B} makes it. */
    record Bcrypt(byte[] hash) implements Secret {
        private static final String PREFIX = "{bcrypt}";
        private static final Pattern FORM = Pattern.compile("\\$2[abxy]\\$(0[4-9]|1[0-6])\\$[./A-Za-z0-9]{53}");

        private static Bcrypt of(String text) {
            if (!FORM.matcher(text).matches()) {
                throw new IllegalArgumentException(ALLOWED);
            }
            return new Bcrypt(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public boolean matches(byte[] password) {
            return BCrypt.verifyer(null, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                    .verify(password, hash)
                    .verified;
        }

        @Override
        public boolean slow() {
            return true;
        }
    }

    /** PBKDF2 with HMAC. */
    record Pbkdf2(String algorithm, int iterations, byte[] salt, byte[] hash) implements Secret {
        private static final String PREFIX = "{pbkdf2}";
        private static final Pattern FORM = Pattern.compile("(sha256|sha512):(\\d{1,8}):([^:]+):([^:]+)");
        private static final Map<String, String> ALGORITHMS =
                Map.of("sha256", "PBKDF2WithHmacSHA256", "sha512", "PBKDF2WithHmacSHA512");

        private static Pbkdf2 of(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException(ALLOWED);
            }
            int iterations = Integer.parseInt(form.group(2));
            byte[] salt = Base64.getDecoder().decode(form.group(3));
            byte[] hash = Base64.getDecoder().decode(form.group(4));
            if (!within(iterations, 1_000, 10_000_000)
                    || !within(salt.length, 8, 1024)
                    || !within(hash.length, 16, 64)) {
                throw new IllegalArgumentException(ALLOWED);
            }
            return new Pbkdf2(ALGORITHMS.getOrDefault(form.group(1), ""), iterations, salt, hash);
        }

        private static boolean within(int value, int least, int most) {
            return value >= least && value <= most;
        }

        @Override
        public boolean matches(byte[] password) {
            char[] characters = new String(password, StandardCharsets.UTF_8).toCharArray();
            try {
                byte[] made = SecretKeyFactory.getInstance(algorithm)
                        .generateSecret(new PBEKeySpec(characters, salt, iterations, hash.length * Byte.SIZE))
                        .getEncoded();
                return MessageDigest.isEqual(made, hash);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no " + algorithm, e);
            }
        }

        @Override
        public boolean slow() {
            return true;
        }
    }
}
