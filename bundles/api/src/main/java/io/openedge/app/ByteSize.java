package io.openedge.app;

/** An amount of memory, disk or message content. Unit: bytes. */
public record ByteSize(long bytes) {
    /** No bytes; in a limit: no limit. */
    public static final ByteSize ZERO = new ByteSize(0);

    public ByteSize {
        if (bytes < 0) {
            throw new InvalidValueException("", bytes, "a size of zero or more");
        }
    }
}
