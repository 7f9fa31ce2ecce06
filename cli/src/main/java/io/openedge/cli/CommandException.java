package io.openedge.cli;

/** A verb that did not do what it was asked for. The message is the reason for the operator. */
class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
