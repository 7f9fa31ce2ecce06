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

    /** As it lies in memory, so that a million of them take a millisecond. */
    void encode(ByteBuf out) {
        Codec.number(out, chunks.size());
        chunks.values().forEach(chunk -> chunk.encode(out));
    }

    static Refs decode(ByteBuf in) {
        Refs refs = new Refs();
        for (int left = Codec.whole(in); left > 0; left--) {
            Chunk chunk = Chunk.decode(in);
            refs.chunks.put(chunk.first, chunk);
            refs.size += chunk.live;
            refs.last = chunk.newest;
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

        void encode(ByteBuf out) {
            Codec.number(out, first);
            Codec.number(out, count);
            Codec.number(out, used);
            out.writeBytes(steps, 0, used).writeBoolean(live < count);
            if (live < count) {
                for (long bits : gone) {
                    out.writeLong(bits);
                }
            }
        }

        static Chunk decode(ByteBuf in) {
            Chunk chunk = new Chunk(Codec.number(in));
            chunk.count = Codec.whole(in);
            chunk.used = Codec.whole(in);
            chunk.steps = new byte[Math.max(FIRST_BYTES, chunk.used)];
            in.readBytes(chunk.steps, 0, chunk.used);
            chunk.live = chunk.count;
            if (in.readBoolean()) {
                for (int i = 0; i < chunk.gone.length; i++) {
                    chunk.gone[i] = in.readLong();
                    chunk.live -= Long.bitCount(chunk.gone[i]);
                }
            }
            Cursor cursor = chunk.new Cursor();
            while (cursor.next()) {
                chunk.newest = cursor.ref;
            }
            return chunk;
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
