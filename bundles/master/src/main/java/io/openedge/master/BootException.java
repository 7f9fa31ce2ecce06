package io.openedge.master;

/** Why there can be no gateway, in words for the operator. */
final class BootException extends Exception {
    private static final long serialVersionUID = 1L;

    BootException(String message) {
        super(message);
    }
}
