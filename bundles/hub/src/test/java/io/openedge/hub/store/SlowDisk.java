package io.openedge.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;

/**
 * A disk that does as a test says: it holds every write, or fails, or goes off. What was not synced is on none of its
 * files, so that it is lost when it does. Thread rule: any thread.
 */
public final class SlowDisk implements Disk {
    private final Disk real = Disk.real();
    private Mode mode = Mode.OPEN;

    private enum Mode {
        OPEN,
        HELD,
        FULL,
        FAULTY,
        OFF
    }

    /** A journal on this disk. */
    public Journal journal(Journal.Settings settings, Logger log) throws IOException {
        return Journal.open(settings, "hub-test", this, System::nanoTime, fault -> {}, log);
    }

    /** Nothing is written until {@link #open}. */
    public void hold() {
        set(Mode.HELD);
    }

    /** Works again. */
    public void open() {
        set(Mode.OPEN);
    }

    /** Every write fails. */
    public void fill() {
        set(Mode.FULL);
    }

    /** Every write meets a fault of the program. */
    public void fault() {
        set(Mode.FAULTY);
    }

    /** What is written from now on is lost. */
    public void powerCut() {
        set(Mode.OFF);
    }

    /** The machine starts again. */
    public void powerBack() {
        set(Mode.OPEN);
    }

    private synchronized void set(Mode now) {
        mode = now;
        notifyAll();
    }

    /** True when the bytes are to be written. */
    private synchronized boolean pass() throws IOException {
        while (mode == Mode.HELD) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return switch (mode) {
            case FULL -> throw new IOException("No space left on device");
            case FAULTY -> throw new IllegalStateException("a fault");
            case OFF -> false;
            default -> true;
        };
    }

    @Override
    public Output open(Path file) throws IOException {
        Output output = real.open(file);
        return new Output() {
            private final Map<Long, ByteBuffer> unsynced = new TreeMap<>();

            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                if (pass()) {
                    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
                    unsynced.put(position, copy.put(bytes).flip());
                }
            }

            @Override
            public void force() throws IOException {
                if (pass()) {
                    for (Map.Entry<Long, ByteBuffer> piece : unsynced.entrySet()) {
                        output.write(piece.getValue(), piece.getKey());
                    }
                    unsynced.clear();
                }
            }

            @Override
            public void truncate(long length) throws IOException {
                force();
                if (pass()) {
                    output.truncate(length);
                }
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }
}
