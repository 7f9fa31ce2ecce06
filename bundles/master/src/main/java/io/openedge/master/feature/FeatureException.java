package io.openedge.master.feature;

/** Features that cannot be loaded. The message is for the operator: it names list and line, or bundle and requirement. */
public class FeatureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where */
    public FeatureException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and where
     * @param cause what the system said
     */
    public FeatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
