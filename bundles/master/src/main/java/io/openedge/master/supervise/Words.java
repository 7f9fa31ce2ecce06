package io.openedge.master.supervise;

import org.jspecify.annotations.Nullable;

/** A failure in words for the operator. */
final class Words {
    private Words() {}

    static String of(@Nullable Throwable failure) {
        if (failure == null) {
            return "nothing was started";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
