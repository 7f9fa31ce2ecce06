package io.openedge.hub.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** Messages of one direction by QoS, with the bytes of their payloads. Thread rule: any thread. */
public final class Traffic {
    private static final int QUALITIES = 3;

    private final LongAdder[] messages = {new LongAdder(), new LongAdder(), new LongAdder()};
    private final LongAdder bytes = new LongAdder();
    private final Map<Executor, Tally> tallies = new ConcurrentHashMap<>();

    /** Messages of a QoS. */
    public long messages(int qos) {
        return messages[qos].sum();
    }

    /** Unit: bytes of payloads. */
    public long bytes() {
        return bytes.sum();
    }

    /** The counter of a loop, which is added up once a turn. Owned by the loop. */
    Tally tally(Executor loop) {
        return tallies.computeIfAbsent(loop, key -> new Tally());
    }

    /** Plain numbers. */
    final class Tally {
        private final int[] counts = new int[QUALITIES];
        private long size;
        private boolean any;

        void count(int qos, int length) {
            counts[qos]++;
            size += length;
            any = true;
        }

        void add() {
            if (any) {
                for (int qos = 0; qos < QUALITIES; qos++) {
                    if (counts[qos] > 0) {
                        messages[qos].add(counts[qos]);
                        counts[qos] = 0;
                    }
                }
                bytes.add(size);
                size = 0;
                any = false;
            }
        }
    }
}
