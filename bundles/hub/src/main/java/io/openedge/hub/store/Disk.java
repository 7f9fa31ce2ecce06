package io.openedge.hub.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens the files that the journal writes: the place where a disk fails. */
interface Disk {
    /** A file that is there stays as it is. */
    Output open(Path file) throws IOException;

    /** A file that is written. */
    interface Output extends Closeable {
        /** Writes all of it. */
        void write(ByteBuffer bytes, long position) throws IOException;

        /** What was written, and the length, is on the disk when it returns. */
        void force() throws IOException;

        void truncate(long length) throws IOException;
    }

    /** The machine's. */
    static Disk real() {
        return file -> {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Output() {
                @Override
                public void write(ByteBuffer bytes, long position) throws IOException {
                    long at = position;
                    while (bytes.hasRemaining()) {
                        at += channel.write(bytes, at);
                    }
                }

                @Override
                public void force() throws IOException {
                    channel.force(false);
                }

                @Override
                public void truncate(long length) throws IOException {
                    channel.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        };
    }
}
