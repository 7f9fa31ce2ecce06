package io.openedge.function.python;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads frames. One thread. */
final class FrameReader implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final DataInputStream in;
    private final int longest;

    FrameReader(InputStream in, int longest) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
        this.longest = longest;
    }

    /** The next frame; null at the end of input. */
    @Nullable
    Frame next() throws IOException {
        try {
            return Frame.read(in, longest);
        } catch (EOFException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
