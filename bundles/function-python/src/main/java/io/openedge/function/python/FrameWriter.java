package io.openedge.function.python;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Writes frames on a thread of its own; what waits together is flushed together. Thread rule: any thread. */
final class FrameWriter implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final BlockingQueue<Frame> waiting;
    private final DataOutputStream out;
    private final Thread thread;

    /** @param capacity how many frames may wait */
    FrameWriter(String name, OutputStream out, int capacity) {
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
        this.thread = new Thread(this::write, name + "-calls");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether there was room for it. */
    boolean offer(Frame frame) {
        return waiting.offer(frame);
    }

    private void write() {
        try {
            for (Frame frame = waiting.take(); ; frame = waiting.take()) {
                for (Frame next = frame; next != null; next = waiting.poll()) {
                    next.write(out);
                }
                out.flush();
            }
        } catch (InterruptedException | IOException ended) {
            Thread.currentThread().interrupt(); // the worker is gone; its end is told by the one who waits for it
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
