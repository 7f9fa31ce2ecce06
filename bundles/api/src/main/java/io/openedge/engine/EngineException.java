package io.openedge.engine;

/** Something that an engine could not do for one service or instance. The message is for the operator. */
public class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what failed, why, and what would help */
    public EngineException(String message) {
        super(message);
    }

    /**
     * @param message what failed, why, and what would help
     * @param cause what the environment said
     */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
