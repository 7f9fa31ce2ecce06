package io.openedge.module.host;

import io.openedge.function.FunctionException;
import io.openedge.module.Module;
import io.openedge.module.ModuleInstance;
import io.openedge.module.runtime.HostedContext;
import io.openedge.module.runtime.ModuleContexts;
import io.openedge.module.runtime.ModuleSetup;
import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.ServerAddress;
import io.openedge.system.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one run of the module in this process. A thread of its own starts the module, waits until something ends the run,
 * and closes the module. Thread rule: any thread.
 */
final class ModuleRun {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleRun.class);
    /** How long its bundle may take to offer the module. */
    private static final int OFFER_MILLIS = 30_000;

    private final BundleContext bundles;
    private final String module;
    private final List<String> arguments;
    private final Surroundings surroundings;
    private final Path directory;
    private final Consumer<String> failed;
    private final CompletableFuture<Optional<String>> ending = new CompletableFuture<>(); // why, when it is a failure
    private final CompletableFuture<HostedContext> context = new CompletableFuture<>();
    private final Thread thread;
    private boolean starting = true; // guarded by this

    /**
     * @param module its image
     * @param directory of the service, absolute
     * @param failed hears once why the run ended when nobody stopped it; on the run's thread, last
     */
    ModuleRun(
            BundleContext bundles,
            String module,
            List<String> arguments,
            Surroundings surroundings,
            Path directory,
            Consumer<String> failed) {
        this.bundles = bundles;
        this.module = module;
        this.arguments = List.copyOf(arguments);
        this.surroundings = surroundings;
        this.directory = directory;
        this.failed = failed;
        this.thread = new Thread(this::own, surroundings.instance());
    }

    ModuleRun begin() {
        thread.start();
        return this;
    }

    /** Ends the run; returns when it is over. Idempotent. */
    void stop() {
        end(Optional.empty());
        try {
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first end counts. A module that is still starting is interrupted. */
    private void end(Optional<String> failure) {
        if (ending.complete(failure)) {
            synchronized (this) {
                if (starting) {
                    thread.interrupt();
                }
            }
        }
    }

    private synchronized void startReturned() {
        starting = false;
        Thread.interrupted(); // it was meant for the start
    }

    private void own() {
        try {
            withOffer();
        } catch (Throwable e) { // whatever it is, the process must end
            LOG.error("{} broke", module, e);
            end(Optional.of(reason(e)));
        }
        ending.getNow(Optional.empty()).ifPresent(failed);
    }

    private void withOffer() throws Exception {
        ServiceTracker<Module, Module> offers = new ServiceTracker<>(bundles, offer(), null);
        offers.open();
        try {
            Optional<Module> offered = await(offers);
            if (offered.isPresent()) {
                withContext(offered.get(), offers.getServiceReference());
            } else {
                end(Optional.of("no bundle offers the module within " + OFFER_MILLIS / 1000 + " s; see the log above"));
            }
        } finally {
            offers.close();
        }
    }

    private Optional<Module> await(ServiceTracker<Module, Module> offers) {
        try {
            return Optional.ofNullable(offers.waitForService(OFFER_MILLIS));
        } catch (InterruptedException stopped) {
            return Optional.empty();
        }
    }

    private Filter offer() throws InvalidSyntaxException {
        return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + Module.class.getName() + ")("
                + Module.IMAGE + "=" + module + "))");
    }

    private void withContext(Module offered, ServiceReference<Module> reference) throws Exception {
        Optional.ofNullable(reference.getBundle())
                .map((Bundle bundle) -> bundle.adapt(BundleWiring.class))
                .ifPresent(wiring -> thread.setContextClassLoader(wiring.getClassLoader()));
        Logger own = LoggerFactory.getLogger("service." + surroundings.service() + "." + surroundings.instance());
        Gateway gateway = gateway(own);
        try (ModuleContexts contexts = new ModuleContexts();
                HostedContext open = contexts.open(setup(gateway))) {
            context.complete(open);
            work(offered, open);
        } finally {
            if (gateway instanceof RestGateway rest) {
                rest.close();
            }
        }
    }

    private Gateway gateway(Logger log) {
        if (surroundings.api().isEmpty()) {
            return new AbsentGateway("this module runs without a gateway (OPENEDGE_MASTER_API is not set)", log);
        }
        if (surroundings.token().isEmpty()) {
            return new AbsentGateway(
                    "instance '" + surroundings.instance() + "' was started through the API and has no token", log);
        }
        try {
            return new RestGateway(
                    ServerAddress.parse(surroundings.api()),
                    new Credentials(surroundings.service(), surroundings.token()),
                    surroundings.fingerprint(),
                    log);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("OPENEDGE_MASTER_API: " + e.getMessage(), e);
        }
    }

    private ModuleSetup setup(Gateway gateway) {
        return new ModuleSetup(
                surroundings.service(),
                surroundings.instance(),
                arguments,
                surroundings.variables(),
                directory,
                surroundings.services(),
                gateway,
                new Transports(bundles),
                this::cannotGoOn);
    }

    private void work(Module offered, HostedContext open) {
        ModuleInstance started;
        try {
            started = offered.start(open);
        } catch (Throwable e) { // also a class that does not link
            startReturned();
            if (ending.isDone()) {
                open.logger().debug("stopped while it was starting", e);
            } else {
                say(open.logger(), "the module did not start", e);
                end(Optional.of(reason(e)));
            }
            return;
        }
        startReturned();
        try {
            open.serve(started);
            works(open);
            ending.join();
        } catch (FunctionException e) {
            say(open.logger(), "the functions cannot be served", e);
            end(Optional.of(reason(e)));
        } finally {
            open.stopping();
            close(started, open);
        }
    }

    /** Whoever started the process may want to know. */
    private void works(HostedContext open) {
        if (surroundings.readyFile().isEmpty() || ending.isDone()) {
            return;
        }
        try {
            Files.write(Path.of(surroundings.readyFile()), new byte[0]);
        } catch (IOException e) {
            open.logger().warn("it cannot be said that the module works: {}", e.toString());
        }
    }

    private static void close(ModuleInstance started, HostedContext open) {
        try {
            started.close();
        } catch (Throwable e) { // it is over all the same
            open.logger().warn("the module did not close cleanly: {}", reason(e), e);
        }
    }

    private void cannotGoOn(Throwable cause) {
        context.thenAccept(open -> say(open.logger(), "the module cannot go on", cause));
        end(Optional.of(reason(cause)));
    }

    /** What the environment said needs no stack; a fault of the code does. */
    private static void say(Logger logger, String what, Throwable e) {
        if (e instanceof RuntimeException || e instanceof Error || logger.isDebugEnabled()) {
            logger.error("{}: {}", what, reason(e), e);
        } else {
            logger.error("{}: {}", what, reason(e));
        }
    }

    private static String reason(Throwable e) {
        return Optional.ofNullable(e.getMessage())
                .filter(text -> !text.isBlank())
                .orElseGet(e::toString);
    }
}
