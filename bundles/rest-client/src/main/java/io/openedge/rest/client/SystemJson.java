package io.openedge.rest.client;

import io.openedge.system.Inspect;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdateProgress;
import io.openedge.system.UpdateResult;

/**
 * The one JSON form of {@link Inspect}, {@link UpdatePlan}, {@link UpdateProgress} and {@link UpdateResult}: keys are component names in snake case; empty and zero
 * values are left out and come back as such; times are RFC 3339 in UTC. What an instance reported stands beside its own
 * keys and replaces none. Stateless; any thread.
 */
public final class SystemJson {
    private SystemJson() {}

    /** Writes. */
    public static String write(Inspect inspect) {
        return Json.text(RecordWriter.members(inspect));
    }

    /** Writes the form of the first releases, which only counted processors and had a plain list of graphics processors. */
    public static String writeOlder(Inspect inspect) {
        return Json.text(OlderInspect.members(inspect));
    }

    /** Writes. */
    public static String write(UpdatePlan plan) {
        return Json.text(RecordWriter.members(plan));
    }

    /** Writes. */
    public static String write(UpdateProgress progress) {
        return Json.text(RecordWriter.members(progress));
    }

    /** Writes. */
    public static String write(UpdateResult result) {
        return Json.text(RecordWriter.members(result));
    }

    /** Reads what {@link #write(UpdateProgress)} wrote; unknown keys are passed over. */
    public static UpdateProgress progress(byte[] text) throws JsonException {
        return RecordReader.read(UpdateProgress.class, Json.object(text), "");
    }

    /** Reads what {@link #write(UpdateResult)} wrote; unknown keys are passed over. */
    public static UpdateResult result(byte[] text) throws JsonException {
        return RecordReader.read(UpdateResult.class, Json.object(text), "");
    }

    /** Reads what {@link #write(Inspect)} wrote; unknown keys are passed over. */
    public static Inspect inspect(byte[] text) throws JsonException {
        return RecordReader.read(Inspect.class, Json.object(text), "");
    }

    /** Reads what {@link #write(UpdatePlan)} wrote; unknown keys are passed over. */
    public static UpdatePlan plan(byte[] text) throws JsonException {
        return RecordReader.read(UpdatePlan.class, Json.object(text), "");
    }
}
