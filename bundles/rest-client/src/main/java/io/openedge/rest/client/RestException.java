package io.openedge.rest.client;

import java.io.IOException;

/** A call that the gateway answered with a reason instead of a result. The message is that reason. */
public class RestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status of the answer
     * @param reason from its body
     */
    public RestException(int status, String reason) {
        super(reason);
        this.status = status;
    }

    /** The status of the answer, for example 404. */
    public int status() {
        return status;
    }
}
