package io.openedge.archive;

import java.io.IOException;

/** An archive or a download that is refused: trying again brings the same. The message is for whoever sent it. */
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with what is allowed */
    public ArchiveException(String message) {
        super(message);
    }
}
