package io.openedge.hub.store;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of what waits for a session. Immutable.
 *
 * @param messages in order
 * @param upTo reference behind which there may be more
 * @param last whether there was no more when it was looked up
 * @param failure why they could not be read; null: they could
 */
public record Fetched(
        List<StoredMessage> messages,
        long upTo,
        boolean last,
        @Nullable IOException failure) {
    /** The same, but there is more. */
    Fetched unfinished() {
        return new Fetched(messages, upTo, false, failure);
    }
}
