package io.openedge.config.trust;

/** A set that is not what a trusted key signed. The message says what is wrong with it. */
public final class UntrustedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence for the operator */
    public UntrustedException(String message) {
        super(message);
    }

    /**
     * @param message a sentence for the operator
     * @param cause what the file or the key said
     */
    public UntrustedException(String message, Throwable cause) {
        super(message, cause);
    }
}
