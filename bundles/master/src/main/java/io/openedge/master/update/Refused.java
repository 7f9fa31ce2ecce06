package io.openedge.master.update;

import io.openedge.system.GatewayException.Kind;

/** An update that cannot be made; nothing was touched. The message says what is wrong, a line each. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    Refused(String message) {
        this(Kind.INVALID, message);
    }

    Refused(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
