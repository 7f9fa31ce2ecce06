package io.openedge.engine.osgi;

import io.openedge.directory.ServiceUser;
import io.openedge.engine.Exit;
import io.openedge.engine.InstanceSpec;
import io.openedge.function.FunctionException;
import io.openedge.module.Module;
import io.openedge.module.ModuleInstance;
import io.openedge.module.runtime.HostedContext;
import io.openedge.module.runtime.ModuleSetup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns one run of a module: it starts the module, waits until the run ends and closes the module. Nothing
 * else calls the module, but for its functions and for the processes that it runs.
 */
final class ModuleThread {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleThread.class);

    private final OsgiInstance run;
    private final InstanceSpec spec;
    private final Place place;
    private final Shared shared;
    private final ServiceReference<Module> offer;
    private final CompletableFuture<Exit> ending;
    private final CompletableFuture<HostedContext> context = new CompletableFuture<>();
    private final Thread thread;
    private volatile Optional<ModuleInstance> working = Optional.empty();

    ModuleThread(
            OsgiInstance run,
            InstanceSpec spec,
            Place place,
            Shared shared,
            ServiceReference<Module> offer,
            CompletableFuture<Exit> ending) {
        this.run = run;
        this.spec = spec;
        this.place = place;
        this.shared = shared;
        this.offer = offer;
        this.ending = ending;
        this.thread = new Thread(this::own, spec.service() + "/" + spec.name());
        thread.setDaemon(true); // an abandoned one must not keep the gateway from ending
    }

    ServiceReference<Module> offer() {
        return offer;
    }

    void start() {
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** What the module runs outside, while it works. */
    List<ProcessHandle> processes() {
        return working.map(ModuleInstance::processes).orElseGet(List::of);
    }

    /** The thread is given up: what it holds through its context is taken away. */
    Thread leave() {
        thread.interrupt();
        context.thenAccept(HostedContext::close);
        return thread;
    }

    private void own() {
        Exit exit;
        try {
            exit = withModule();
        } catch (Throwable e) { // whatever it is, the run must end
            LOG.error("instance {} of service {} broke", spec.name(), spec.service(), e);
            exit = new Exit.Failed(reason(e));
        }
        if (!run.finish(exit)) {
            LOG.info("instance {} of service {}, left behind before, has ended after all", spec.name(), spec.service());
        }
    }

    private Exit withModule() {
        Optional<Module> module = shared.offers().get(offer);
        if (module.isEmpty()) {
            return shared.offers().has(offer)
                    ? new Exit.Failed(
                            "the bundle of the module '" + run.wanted().name() + "' cannot make it; see its log")
                    : new Exit.Gone("module '" + run.wanted().name() + "': its bundle is gone");
        }
        ClassLoader before = thread.getContextClassLoader();
        try (HostedContext open = shared.contexts().open(setup())) {
            context.complete(open);
            Optional.ofNullable(offer.getBundle())
                    .map(bundle -> bundle.adapt(BundleWiring.class))
                    .ifPresent(wiring -> thread.setContextClassLoader(wiring.getClassLoader()));
            return work(module.get(), open);
        } finally {
            thread.setContextClassLoader(before);
            shared.offers().unget(offer);
        }
    }

    private ModuleSetup setup() {
        return new ModuleSetup(
                spec.service(),
                spec.name(),
                spec.args(),
                spec.environment(),
                place.directory(),
                place.user().map(ServiceUser::forModules),
                spec.locator(),
                spec.gateway(),
                shared.functions(),
                this::cannotGoOn);
    }

    private Exit work(Module module, HostedContext open) {
        ModuleInstance started;
        try {
            if (ending.isDone()) {
                return ending.join();
            }
            started = module.start(open);
        } catch (Throwable e) { // also a class that does not link
            run.startReturned();
            if (ending.isDone()) {
                open.logger().debug("stopped while it was starting", e);
                return ending.join();
            }
            say(open.logger(), "the module did not start", e);
            return new Exit.Failed(reason(e));
        }
        try {
            return serve(started, open);
        } catch (FunctionException e) {
            say(open.logger(), "the functions cannot be served", e);
            return new Exit.Failed(reason(e));
        } finally {
            open.stopping();
            close(started, open);
        }
    }

    private Exit serve(ModuleInstance started, HostedContext open) throws FunctionException {
        open.serve(started);
        Optional<Runnable> withdraw = started.endpoint()
                .map(endpoint -> new FunctionFaults(endpoint, open.logger()))
                .map(endpoint -> shared.endpoints().serve(spec.name(), endpoint));
        working = Optional.of(started);
        run.works(withdraw.isPresent());
        Exit exit = ending.join();
        working = Optional.empty();
        withdraw.ifPresent(Runnable::run);
        return exit;
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
        run.failed(reason(cause));
    }

    /** What the environment said needs no stack, and may come again with each try; a fault of the code does. */
    private static void say(Logger logger, String what, Throwable e) {
        boolean fault = e instanceof RuntimeException || e instanceof Error;
        if (fault || logger.isDebugEnabled()) {
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
