package io.openedge.master.update;

/** An update is given up on request. The message says on whose. */
final class Cancelled extends Exception {
    private static final long serialVersionUID = 1L;

    Cancelled(String message) {
        super(message);
    }
}
