package io.openedge.master.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens of services: 256 random bits each, kept as their SHA-256, gone with their service. Thread rule: any thread.
 */
public final class Tokens {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, byte[]> digests = new ConcurrentHashMap<>();
    private final byte[] nobody = digest(fresh());

    /** A new token for a service; the one before is no longer good. */
    public String issue(String service) {
        String token = fresh();
        digests.put(service, digest(token));
        return token;
    }

    /** The service is gone and its token with it. */
    public void revoke(String service) {
        digests.remove(service);
    }

    /** No token is good any more. */
    public void revokeAll() {
        digests.clear();
    }

    /** Whether the token is the service's; takes as long for a service that does not exist. */
    public boolean check(String service, String token) {
        byte[] given = digest(token);
        byte[] expected = digests.get(service);
        boolean equal = MessageDigest.isEqual(expected == null ? nobody : expected, given);
        return equal && expected != null;
    }

    private String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
