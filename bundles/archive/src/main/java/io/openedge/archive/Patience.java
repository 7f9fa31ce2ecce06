package io.openedge.archive;

import java.time.Duration;

/** How long somebody waits for a download. Called on the thread that downloads. */
public interface Patience {
    /** Whether it is still wanted; asked before each try and between pieces. */
    boolean wanted();

    /**
     * Waits before the next try; returns early when it is not wanted any more.
     *
     * @param failure why the last try failed
     * @param delay how long
     * @throws InterruptedException ends the download
     */
    void await(String failure, Duration delay) throws InterruptedException;
}
