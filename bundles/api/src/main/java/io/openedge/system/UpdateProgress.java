package io.openedge.system;

/**
 * How an update goes on. Immutable.
 *
 * @param version wanted
 * @param phase in words, for example "preparing localhub: pulling"
 */
public record UpdateProgress(String version, String phase) {
    /** No update runs. */
    public static final UpdateProgress NONE = new UpdateProgress("", "");
}
