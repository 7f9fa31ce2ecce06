package io.openedge.hub.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** How long the last syncs took. Thread rule: one thread adds, any thread asks. */
final class SyncTimes {
    private static final int LAST = 1024;
    private static final int PERCENT = 99;

    private final AtomicLongArray nanos = new AtomicLongArray(LAST);
    private volatile long count;

    void add(long time) {
        nanos.set((int) (count % LAST), time);
        count = count + 1;
    }

    /** So long took all but one in a hundred of them; 0 when there was none. Unit: nanoseconds. */
    long p99() {
        int known = (int) Math.min(count, LAST);
        if (known == 0) {
            return 0;
        }
        long[] sorted = new long[known];
        Arrays.setAll(sorted, nanos::get);
        Arrays.sort(sorted);
        return sorted[(known - 1) * PERCENT / 100];
    }
}
