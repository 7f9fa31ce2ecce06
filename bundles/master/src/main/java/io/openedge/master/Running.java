package io.openedge.master;

import io.openedge.config.RunningGateway;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.work.SystemTime;
import io.openedge.master.work.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the gateway has opened, to be closed in reverse order.
 *
 * @param record where it is to be met, and how long instances may take to stop
 */
record Running(
        PidFile pidFile,
        RunningGateway record,
        Workers workers,
        SystemTime time,
        Supervisor supervisor,
        Core core,
        ServiceRegistration<?> registration) {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final String STOP_LIMIT = "openedge.stop.millis";
    private static final Duration SLACK = Duration.ofSeconds(8);

    /** Tells the launcher how long a stop may take. */
    static Dictionary<String, Object> properties(Duration grace) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(STOP_LIMIT, grace.plus(SLACK).toMillis());
        return properties;
    }

    /** Stops everything; takes grace and a little more at most. */
    void close() {
        Duration grace = record.grace();
        try {
            core.endUpdates().get(SLACK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.error("the update that runs did not end; the next start of the gateway ends it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            supervisor.stop().get(grace.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("not all services stopped within {}; they are left behind", grace);
        } catch (ExecutionException e) {
            LOG.error("the services did not stop in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        core.revoke();
        unregister();
        try {
            record.remove();
            pidFile.close();
            record.files().removeFolders();
        } catch (IOException e) {
            LOG.warn("the pid file or what belongs to it cannot be removed: {}", e.toString());
        }
        workers.close();
        time.close();
        LOG.info("the gateway has stopped");
    }

    private void unregister() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("the framework unregistered the gateway already");
        }
    }
}
