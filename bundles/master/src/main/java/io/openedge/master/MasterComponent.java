package io.openedge.master;

import io.openedge.engine.Engine;
import io.openedge.master.status.HostView;
import io.openedge.master.supervise.Engines;
import io.openedge.system.HostStats;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master in the framework: comes up on a thread of its own, hears of engines as they come and go, and stops all
 * services before the framework takes the engines away. A start that cannot be ends the process through the launcher.
 */
@Component(
        immediate = true,
        service = {})
public final class MasterComponent {
    private static final Logger LOG = LoggerFactory.getLogger(MasterComponent.class);
    private static final String EXIT = "(openedge.launcher=exit)";
    private static final int FAILURE = 1;
    private static final int BOOT_SECONDS = 10;

    private final BundleContext context;
    private final Engines engines = new Engines();
    private final HostView host = new HostView();
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    /** The stop did not wait for the start any longer: what that opens from now on it closes itself. */
    private final AtomicBoolean brokenOff = new AtomicBoolean();

    private final CountDownLatch booted = new CountDownLatch(1);
    private final SynchronousBundleListener framework = this::frameworkChanged;
    private final Thread boot;

    @Activate
    public MasterComponent(BundleContext context) {
        this.context = context;
        context.addBundleListener(framework);
        boot = new Thread(this::boot, "openedge-boot");
        boot.start();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addEngine(Engine engine, Map<String, Object> properties) {
        if (properties.get(Engine.NAME) instanceof String name) {
            engines.add(name, engine);
        } else {
            LOG.error("{} is ignored: it has no property {}", engine, Engine.NAME);
        }
    }

    void removeEngine(Engine engine) {
        engines.remove(engine);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setHost(HostStats stats) {
        host.set(stats);
    }

    void unsetHost(HostStats stats) {
        host.unset(stats);
    }

    @Deactivate
    void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!booted.await(BOOT_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("the start of the gateway takes too long and is broken off");
                boot.interrupt();
                brokenOff.set(!booted.await(BOOT_SECONDS, TimeUnit.SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        context.removeBundleListener(framework);
    }

    /** Engines and modules are bundles too: services stop before any bundle does. */
    private void frameworkChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            stop();
        }
    }

    private void boot() {
        try {
            Boot steps = new Boot(context, engines, host, this::fail);
            Running opened = steps.open();
            running.set(opened);
            if (brokenOff.get()) {
                close();
            } else if (!stopping.get()) {
                steps.start(opened.core());
            }
            booted.countDown();
        } catch (BootException e) {
            giveUp(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("the gateway cannot start", e);
            giveUp("the gateway cannot start: " + e);
        }
    }

    private void giveUp(String reason) {
        close();
        booted.countDown();
        fail(reason);
    }

    /** Ends the process, unless it ends already; without a launcher it is only said. */
    private void fail(String reason) {
        if (stopping.get()) {
            LOG.debug("while stopping: {}", reason);
            return;
        }
        LOG.error("the gateway ends: {}", reason);
        System.err.println("openedge: " + reason);
        try {
            for (var reference : context.getServiceReferences(IntConsumer.class, EXIT)) {
                IntConsumer exit = context.getService(reference);
                if (exit != null) {
                    exit.accept(FAILURE);
                    return;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        }
        LOG.warn("no launcher can end this process");
    }

    private void close() {
        Running opened = running.getAndSet(null);
        if (opened != null) {
            opened.close();
        }
    }
}
