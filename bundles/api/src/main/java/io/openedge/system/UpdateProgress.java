package io.openedge.system;

/**
 * How an update goes on, and how the last one failed. Immutable.
 *
 * @param version wanted
 * @param phase in words, for example "preparing localhub: pulling"
 * @param failure of the last update, a sentence that is part of {@link Inspect#error()} too; empty: it was good, or none was
 */
public record UpdateProgress(String version, String phase, String failure) {
    /** No update runs, and none failed. */
    public static final UpdateProgress NONE = new UpdateProgress("", "");

    /** After a good one. */
    public UpdateProgress(String version, String phase) {
        this(version, phase, "");
    }
}
