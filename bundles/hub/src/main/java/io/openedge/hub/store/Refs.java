package io.openedge.hub.store;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * References to stored messages, in rising order. A million of them take about two megabytes: they are kept in chunks,
 * each as steps from one to the next, and what was removed is marked until a whole chunk is gone. Owned by the journal's
 * thread.
 */
final class Refs {
    private static final int CHUNK = 256;
    private static final int FIRST_BYTES = 32;

    private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
    private long size;
    private long last = -1;

    /** Adds one that is higher than all before. */
    void add(long ref) {
        if (ref <= last) {
            throw new IllegalArgumentException("reference " + ref + " comes after " + last);
        }
        Map.Entry<Long, Chunk> newest = chunks.lastEntry();
        Chunk chunk = newest == null ? null : newest.getValue();
        if (chunk == null || chunk.count == CHUNK) {
            chunk = new Chunk(ref);
            chunks.put(ref, chunk);
        } else {
            chunk.add(ref);
        }
        last = ref;
        size++;
    }

    /** False when it is not there. */
    boolean remove(long ref) {
        Map.Entry<Long, Chunk> holder = chunks.floorEntry(ref);
        if (holder == null || !holder.getValue().remove(ref)) {
            return false;
        }
        size--;
        if (holder.getValue().live == 0) {
            chunks.remove(holder.getKey());
        }
        return true;
    }

    boolean contains(long ref) {
        boolean[] there = {false};
        forEach(ref, ref, found -> {
            there[0] = true;
            return false;
        });
        return there[0];
    }

    /** Hands out, in order, those from the first to the last one given, as long as it is asked for more. */
    void forEach(long from, long to, Visitor visitor) {
        Map.Entry<Long, Chunk> holder = chunks.floorEntry(from);
        if (holder == null) {
            holder = chunks.ceilingEntry(from);
        }
        while (holder != null && holder.getKey() <= to && holder.getValue().visit(from, to, visitor)) {
            holder = chunks.higherEntry(holder.getKey());
        }
    }

    void forEach(LongConsumer action) {
        forEach(0, Long.MAX_VALUE, ref -> {
            action.accept(ref);
            return true;
        });
    }

    long size() {
        return size;
    }

    void encode(ByteBuf out) {
        Codec.number(out, size);
        long[] before = {0};
        forEach(ref -> {
            Codec.number(out, ref - before[0]);
            before[0] = ref;
        });
    }

    static Refs decode(ByteBuf in) {
        Refs refs = new Refs();
        long ref = 0;
        for (long left = Codec.number(in); left > 0; left--) {
            ref += Codec.number(in);
            refs.add(ref);
        }
        return refs;
    }

    /** Answers whether it wants more. */
    interface Visitor {
        boolean visit(long ref);
    }

    private static final class Chunk {
        private final long first;
        private byte[] steps = new byte[FIRST_BYTES];
        private int used;
        private long newest;
        private int count = 1;
        private int live = 1;
        private final long[] gone = new long[CHUNK / Long.SIZE];

        Chunk(long first) {
            this.first = first;
            newest = first;
        }

        void add(long ref) {
            if (used + 10 > steps.length) {
                steps = Arrays.copyOf(steps, steps.length * 2);
            }
            long step = ref - newest;
            while (step > 0x7f) {
                steps[used++] = (byte) (step & 0x7f | 0x80);
                step >>>= 7;
            }
            steps[used++] = (byte) step;
            newest = ref;
            count++;
            live++;
        }

        boolean remove(long wanted) {
            Cursor cursor = new Cursor();
            while (cursor.ref < wanted && cursor.next()) {
                // goes on to the place where it should be
            }
            if (cursor.ref != wanted || gone(cursor.index)) {
                return false;
            }
            gone[cursor.index >> 6] |= 1L << cursor.index;
            live--;
            return true;
        }

        boolean visit(long from, long to, Visitor visitor) {
            Cursor cursor = new Cursor();
            do {
                if (cursor.ref > to) {
                    return false;
                }
                if (cursor.ref >= from && !gone(cursor.index) && !visitor.visit(cursor.ref)) {
                    return false;
                }
            } while (cursor.next());
            return true;
        }

        private boolean gone(int index) {
            return (gone[index >> 6] & 1L << index) != 0;
        }

        private final class Cursor {
            private long ref = first;
            private int index;
            private int at;

            boolean next() {
                if (index + 1 >= count) {
                    return false;
                }
                long step = 0;
                int shift = 0;
                byte part;
                do {
                    part = steps[at++];
                    step |= (long) (part & 0x7f) << shift;
                    shift += 7;
                } while (part < 0);
                ref += step;
                index++;
                return true;
            }
        }
    }
}
