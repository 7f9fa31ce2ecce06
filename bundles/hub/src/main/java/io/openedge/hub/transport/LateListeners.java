package io.openedge.hub.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.openedge.app.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * The listeners that were left out because their certificates could not be used: opened when the files can be, on a
 * thread of its own that ends with the last of them. What still stands in the way is said once.
 */
final class LateListeners implements AutoCloseable {
    private static final long CHECK_SECONDS = 1;
    private static final long LAST_CHECK_SECONDS = 5;

    private final Deque<ListenAddress> waiting;
    private final CertificateFiles files;
    private final Opener opener;
    private final Logger log;
    private final ScheduledThreadPoolExecutor thread;
    private String seen = "";
    private String useless;
    private String said = "";

    /** Opens one listener. */
    interface Opener {
        InetSocketAddress open(ListenAddress address) throws IOException, ConfigException;
    }

    /**
     * @param useless stamp of the files that could not be used, which has been said
     * @param name of the thread
     */
    LateListeners(
            List<ListenAddress> waiting,
            CertificateFiles files,
            String useless,
            Opener opener,
            String name,
            Logger log) {
        this.waiting = new ArrayDeque<>(waiting);
        this.files = files;
        this.opener = opener;
        this.log = log;
        this.useless = useless;
        thread = new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory(name + "-late"));
        thread.scheduleWithFixedDelay(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /** A change is taken once it has lasted from one check to the next: the files do not come in one instant. */
    private void check() {
        String now = files.stamp();
        boolean lasted = now.equals(seen);
        seen = now;
        if (lasted && !now.equals(useless)) {
            open(now);
        }
    }

    private void open(String stamp) {
        ListenAddress next = waiting.element();
        try {
            while (!waiting.isEmpty()) {
                next = waiting.element();
                InetSocketAddress bound = opener.open(next);
                waiting.remove();
                log.info("listener {}: serves at {}, now that its certificate is there", next.text(), bound);
            }
            thread.shutdown();
        } catch (ConfigException e) {
            useless = stamp;
            say(next.text() + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) { // such as a port that is taken: it may become free
            say(String.valueOf(e.getMessage()));
        }
    }

    private void say(String trouble) {
        if (!trouble.equals(said)) {
            said = trouble;
            log.error("listener {}; it is not served yet", trouble);
        }
    }

    /** Afterwards nothing is opened any more. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(LAST_CHECK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
