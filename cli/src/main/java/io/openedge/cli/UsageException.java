package io.openedge.cli;

/** A command line that is not understood. The message says what is wrong with it. */
class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
