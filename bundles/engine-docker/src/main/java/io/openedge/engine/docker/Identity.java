package io.openedge.engine.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels that say whose a container is. Immutable.
 *
 * @param gateway tells this gateway from others that use the same daemon
 */
record Identity(String gateway) {
    /** What every container of an OpenEdge gateway carries, also of the old releases. */
    static final Map<String, String> ANY = Map.of("openedge", "openedge");

    static final String SERVICE = "service";
    private static final String GATEWAY = "io.openedge.gateway";
    private static final int DIGITS = 16;

    /** Of the gateway of that work directory on this machine. */
    static Identity of(Path workDirectory) {
        String text = machine() + "\n" + workDirectory.toAbsolutePath().normalize();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Identity(HexFormat.of().formatHex(digest).substring(0, DIGITS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip();
        } catch (IOException e) { // it only tells machines apart that share a daemon
            return "";
        }
    }

    /** Of all containers of this gateway. */
    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>(ANY);
        labels.put(GATEWAY, gateway);
        return labels;
    }

    /** Of a container. */
    Map<String, String> labels(String service) {
        Map<String, String> labels = labels();
        labels.put(SERVICE, service);
        return labels;
    }

    /** Whether a container with these labels is this gateway's. */
    boolean isOurs(Map<String, String> labels) {
        return labels.entrySet().containsAll(labels().entrySet());
    }

    /** Whether it may be: one of an old release has no gateway's label. */
    boolean mayBeOurs(Map<String, String> labels, String service) {
        return labels.entrySet().containsAll(ANY.entrySet())
                && service.equals(labels.get(SERVICE))
                && gateway.equals(labels.getOrDefault(GATEWAY, gateway));
    }
}
