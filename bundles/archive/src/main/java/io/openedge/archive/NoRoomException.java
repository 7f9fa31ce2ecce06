package io.openedge.archive;

import java.io.IOException;

/** There is not enough room on the disk; nothing was written for it. Trying again helps once there is. */
public final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message how much is needed and how much is free */
    NoRoomException(String message) {
        super(message);
    }
}
