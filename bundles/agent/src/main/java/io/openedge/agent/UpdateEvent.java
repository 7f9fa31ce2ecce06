package io.openedge.agent;

import io.openedge.app.InvalidValueException;
import io.openedge.app.VolumeSpec;
import io.openedge.rest.client.Json;
import io.openedge.rest.client.JsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application that the cloud wants. Immutable.
 *
 * @param text as it came
 * @param id of the event: two with the same bytes are one
 * @param version of the application
 * @param config the volume that holds its application.yml
 */
record UpdateEvent(String text, String id, String version, VolumeSpec config) {
    private static final int MOST_BYTES = 1 << 20;

    /** @throws RefusedException names the key that is wrong, and what is allowed */
    static UpdateEvent parse(byte[] bytes) throws RefusedException {
        if (bytes.length > MOST_BYTES) {
            throw new RefusedException("the event has " + bytes.length + " bytes; allowed: up to " + MOST_BYTES);
        }
        try {
            Map<String, @Nullable Object> event = Json.object(bytes);
            String kind = text(event, "", "event");
            if (!kind.equals("UPDATE")) {
                throw new RefusedException("event: '" + kind + "' is not known; allowed: UPDATE");
            }
            Map<String, @Nullable Object> content = object(event, "", "content");
            String version = text(content, "content.", "version");
            VolumeSpec config = config(object(content, "content.", "config"));
            return new UpdateEvent(new String(bytes, StandardCharsets.UTF_8), id(bytes), version, config);
        } catch (JsonException e) {
            throw new RefusedException("the event is not understood: " + e.getMessage());
        }
    }

    private static VolumeSpec config(Map<String, @Nullable Object> config) throws RefusedException {
        String at = "content.config.";
        Map<String, @Nullable Object> meta = object(config, at, "meta");
        VolumeSpec.Meta source = new VolumeSpec.Meta(
                text(meta, at + "meta.", "url"),
                optional(meta, at + "meta.", "md5"),
                optional(meta, at + "meta.", "version"),
                optional(meta, at + "meta.", "sha256"));
        try {
            return new VolumeSpec(text(config, at, "name"), text(config, at, "path"), source);
        } catch (InvalidValueException e) {
            throw new RefusedException(at + e.getMessage());
        }
    }

    private static String text(Map<String, @Nullable Object> object, String at, String key) throws RefusedException {
        if (object.get(key) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw wrong(object, at, key, "a text");
    }

    private static String optional(Map<String, @Nullable Object> object, String at, String key)
            throws RefusedException {
        return object.get(key) == null || "".equals(object.get(key)) ? "" : text(object, at, key);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> object, String at, String key)
            throws RefusedException {
        if (object.get(key) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong(object, at, key, "an object");
    }

    private static RefusedException wrong(Map<String, @Nullable Object> object, String at, String key, String allowed) {
        String value = Json.text(object.get(key));
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        return new RefusedException("the event's " + at + key + " is " + (object.containsKey(key) ? shown : "missing")
                + "; allowed: " + allowed);
    }

    private static String id(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
