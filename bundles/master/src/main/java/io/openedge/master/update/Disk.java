package io.openedge.master.update;

import java.io.IOException;
import java.nio.file.Path;

/**
 * All that an update asks of the file system: few operations, of which each is safe when the next one begins. A test stops
 * at every one of them, as a power cut does.
 */
interface Disk {
    boolean exists(Path file);

    byte[] read(Path file) throws IOException;

    /**
     * Makes or overwrites a file; its content is on stable storage afterwards, its name need not be.
     *
     * @param like a file whose readers are the same, when it is there: applications hold passwords
     */
    void write(Path file, byte[] content, Path like) throws IOException;

    /** Puts a file in the place of another, at once. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** The names in a folder are on stable storage afterwards. */
    void sync(Path folder) throws IOException;
}
