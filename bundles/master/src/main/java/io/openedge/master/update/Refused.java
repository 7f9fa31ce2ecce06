package io.openedge.master.update;

/** An update that cannot be made; nothing was touched. The message says what is wrong. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
