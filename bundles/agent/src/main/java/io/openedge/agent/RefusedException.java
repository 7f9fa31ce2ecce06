package io.openedge.agent;

/** What the cloud wants cannot be. The message is for the cloud. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
