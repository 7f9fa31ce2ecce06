package io.openedge.launcher;

import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.slf4j.LoggerFactory;

/**
 * The process of the gateway, or of one module: starts the framework with the features of that and stays until it ends.
 * System properties {@code openedge.home}, {@code openedge.workdir}, {@code openedge.conf} and {@code openedge.module}
 * say where and what; {@code bin/openedge} sets them. Exit codes: 0 after a signal, 1 when it cannot start, else what the
 * exit service was given.
 */
public final class Main {
    private Main() {}

    /** @param arguments of the module; the gateway has none */
    public static void main(String[] arguments) {
        Program program = Program.of(System.getProperties(), arguments);
        Ending ending = new Ending(Main::exit);
        ending.install();
        try {
            Settings settings = Settings.of(System.getProperties());
            try (CacheFolder cache = CacheFolder.own(settings.cache(), program)) {
                cache.emptyTmp();
                cache.requireSpace();
                run(program, settings, cache, ending);
            }
        } catch (Exception | Error e) {
            fail(program, ending, e);
        }
    }

    private static void run(Program program, Settings settings, CacheFolder cache, Ending ending)
            throws LaunchException, InterruptedException {
        List<Path> bundles = program.bundles(settings.home());
        Framework framework =
                new FrameworkFactory().newFramework(FrameworkProperties.of(program, settings, cache.framework()));
        ending.stops(framework);
        try {
            ClassArchive archive = ClassArchive.of(program, System.getProperties(), settings, cache);
            ending.beginsWith(archive::end);
            start(program, framework, bundles, ending);
            LoggerFactory.getLogger(Main.class)
                    .info(
                            "{} bundles of {} run, in {}",
                            bundles.size(),
                            program.isGateway() ? "the core" : program.module(),
                            settings.workdir());
            archive.begin();
        } catch (LaunchException | RuntimeException | Error e) {
            fail(program, ending, e);
        }
        IdleHeap heap = new IdleHeap();
        while (framework.waitForStop(IdleHeap.INTERVAL.toMillis()).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            heap.look(IdleHeap.INTERVAL);
        }
        exit(0);
    }

    private static void start(Program program, Framework framework, List<Path> files, Ending ending)
            throws LaunchException {
        try {
            framework.init();
            BundleContext context = framework.getBundleContext();
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("openedge.launcher", "exit");
            properties.put("openedge.arguments", program.arguments().toArray(String[]::new));
            context.registerService(IntConsumer.class, ending, properties);
            CoreBundles bundles = CoreBundles.install(context, files);
            framework.start();
            bundles.start(context);
        } catch (BundleException e) {
            throw new LaunchException("the framework does not start: " + e.getMessage(), e);
        }
    }

    /** A start that fails because the end has begun is no failure. */
    private static void fail(Program program, Ending ending, Throwable e) {
        if (ending.begin(1)) {
            System.err.println(program.name() + ": " + (e instanceof LaunchException ? e.getMessage() : e.toString()));
            exit(1);
        }
    }

    // checkstyle: off RegexpSingleline
    private static void exit(int code) {
        System.exit(code);
    }
    // checkstyle: on RegexpSingleline
}
