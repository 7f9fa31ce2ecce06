package io.openedge.hub.store;

/** What a journal tells nobody but its tests. */
public final class Asked {
    private Asked() {}

    /** How often sessions have asked for what waits for them. */
    public static long questions(Journal journal) {
        return journal.questions();
    }
}
