package io.openedge.agent;

import io.openedge.rest.client.Json;
import io.openedge.rest.client.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers. Immutable.
 *
 * @param pending the event that is worked on
 * @param failed id of the last event when it failed: it may be sent again; else empty
 * @param handled ids of events that are over, oldest first
 * @param error of the last event that failed; empty: none did since one was good
 * @param deployed what it deployed last
 * @param previous what it deployed before
 * @param unpacked folders that it unpacked, each with the digest of its archive
 */
record State(
        Optional<Pending> pending,
        String failed,
        List<String> handled,
        String error,
        Deployed deployed,
        Deployed previous,
        Map<String, String> unpacked) {
    private static final int MOST_HANDLED = 2000;

    /** Of an agent that starts for the first time. */
    static final State NEW = new State(Optional.empty(), "", List.of(), "", Deployed.NONE, Deployed.NONE, Map.of());

    /**
     * An event that is worked on.
     *
     * @param event of the cloud
     * @param updating whether the gateway was asked to update
     * @param before what the gateway said of its last update when it was asked
     */
    record Pending(UpdateEvent event, boolean updating, String before) {}

    /**
     * An application.
     *
     * @param version of it
     * @param folders that it names, relative to var/db/openedge
     */
    record Deployed(String version, List<String> folders) {
        static final Deployed NONE = new Deployed("", List.of());
    }

    State {
        handled = List.copyOf(handled);
        unpacked = Map.copyOf(unpacked);
    }

    State withPending(Optional<Pending> next) {
        return new State(next, failed, handled, error, deployed, previous, unpacked);
    }

    State withFailed(String id) {
        return new State(pending, id, handled, error, deployed, previous, unpacked);
    }

    State withError(String text) {
        return new State(pending, failed, handled, text, deployed, previous, unpacked);
    }

    State withUnpacked(Map<String, String> folders) {
        return new State(pending, failed, handled, error, deployed, previous, folders);
    }

    State withDeployed(Deployed next) {
        Deployed before = next.equals(deployed) ? previous : deployed;
        return new State(pending, failed, handled, error, next, before, unpacked);
    }

    /** Without effect for an empty id. */
    State withHandled(String id) {
        if (id.isEmpty()) {
            return this;
        }
        List<String> ids = new ArrayList<>(handled);
        ids.remove(id);
        ids.add(id);
        List<String> kept = ids.subList(Math.max(0, ids.size() - MOST_HANDLED), ids.size());
        return new State(pending, failed, kept, error, deployed, previous, unpacked);
    }

    /** Folders of this and the last application. */
    Set<String> folders() {
        Set<String> folders = new HashSet<>(deployed.folders());
        folders.addAll(previous.folders());
        return folders;
    }

    byte[] write() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        pending.ifPresent(now -> json.put(
                "pending", Map.of("event", now.event().text(), "updating", now.updating(), "before", now.before())));
        json.put("failed", failed);
        json.put("handled", handled);
        json.put("error", error);
        json.put("deployed", Map.of("version", deployed.version(), "folders", deployed.folders()));
        json.put("previous", Map.of("version", previous.version(), "folders", previous.folders()));
        json.put("unpacked", unpacked);
        return Json.text(json).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws JsonException when it is nothing that {@link #write} wrote */
    static State read(byte[] text) throws JsonException {
        Map<String, @Nullable Object> json = Json.object(text);
        try {
            Optional<Pending> pending = json.containsKey("pending") ? Optional.of(pending(json)) : Optional.empty();
            Map<String, String> unpacked = new LinkedHashMap<>();
            map(json, "unpacked").forEach((path, digest) -> unpacked.put(path, (String) digest));
            return new State(
                    pending,
                    text(json, "failed"),
                    texts(json, "handled"),
                    text(json, "error"),
                    deployed(map(json, "deployed")),
                    deployed(map(json, "previous")),
                    unpacked);
        } catch (ClassCastException | NullPointerException | RefusedException e) {
            throw new JsonException("not what an agent remembers: " + e.getMessage());
        }
    }

    private static Pending pending(Map<String, @Nullable Object> json) throws RefusedException {
        Map<String, Object> pending = map(json, "pending");
        UpdateEvent event = UpdateEvent.parse(text(pending, "event").getBytes(StandardCharsets.UTF_8));
        return new Pending(event, Boolean.TRUE.equals(pending.get("updating")), text(pending, "before"));
    }

    private static Deployed deployed(Map<String, Object> json) {
        return new Deployed(text(json, "version"), texts(json, "folders"));
    }

    private static String text(Map<String, ?> json, String key) {
        return (String) Objects.requireNonNull(json.get(key), key);
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Map<String, ?> json, String key) {
        return List.copyOf((List<String>) json.get(key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, ?> json, String key) {
        return (Map<String, Object>) Objects.requireNonNull(json.get(key), key);
    }
}
