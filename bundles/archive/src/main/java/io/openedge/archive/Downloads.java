package io.openedge.archive;

import java.io.IOException;
import java.time.Duration;

/**
 * Downloads that survive a bad link: tried again with back-off from 1 s, gone on with where the last try ended. How often
 * and how long is the caller's {@link Patience}.
 *
 * <p>Thread rule: any thread; one at a time for a file. {@link HttpsConnections#close} ends a read that is under way.
 */
public final class Downloads {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    private final HttpsConnections connections;
    private final Duration longestDelay;

    /**
     * @param connections that it uses
     * @param longestDelay between two tries
     */
    public Downloads(HttpsConnections connections, Duration longestDelay) {
        this.connections = connections;
        this.longestDelay = longestDelay;
    }

    /**
     * Downloads a file; when it returns, the file is complete, has its digest and is synced.
     *
     * @return the bytes that came in
     * @throws ArchiveException when what the server has is refused; nothing is left of it
     * @throws NoRoomException when the disk has not enough room
     * @throws IOException when it is not wanted any more; its message is the last failure
     */
    public long fetch(Download download, Patience patience) throws IOException, InterruptedException {
        Attempt attempt = new Attempt(connections, download, patience::wanted);
        Duration delay = FIRST_DELAY;
        String failure = "not wanted";
        while (patience.wanted()) {
            long before = attempt.furthest();
            try {
                if (!attempt.run()) {
                    attempt.runAnew();
                }
                return attempt.received();
            } catch (ArchiveException | NoRoomException e) {
                new Partial(download).discard();
                throw e;
            } catch (IOException e) {
                failure = Attempt.reason(e);
            }
            delay = attempt.furthest() > before ? FIRST_DELAY : delay;
            if (patience.wanted()) {
                patience.await(failure, delay);
            }
            delay = longer(delay);
        }
        throw new IOException(failure);
    }

    private Duration longer(Duration delay) {
        Duration twice = delay.multipliedBy(2);
        return twice.compareTo(longestDelay) < 0 ? twice : longestDelay;
    }
}
