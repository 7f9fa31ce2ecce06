package io.openedge.launcher;

import java.util.Hashtable;
import java.util.function.IntConsumer;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.slf4j.LoggerFactory;

/**
 * The gateway's process: starts the framework with the feature core and stays until it ends. System properties
 * {@code openedge.home}, {@code openedge.workdir} and {@code openedge.conf} say where; {@code bin/openedge run} sets
 * them. Exit codes: 0 after a signal, 1 when the gateway cannot start, else what the exit service was given.
 */
public final class Main {
    private Main() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        Ending ending = new Ending(Main::exit);
        ending.install();
        try {
            Settings settings = Settings.of(System.getProperties());
            try (CacheFolder cache = CacheFolder.own(settings.cache())) {
                cache.emptyTmp();
                cache.requireSpace();
                run(settings, cache, ending);
            }
        } catch (Exception | Error e) {
            fail(ending, e);
        }
    }

    private static void run(Settings settings, CacheFolder cache, Ending ending)
            throws LaunchException, InterruptedException {
        FeatureList core = FeatureList.read(settings.home(), "core");
        Framework framework = new FrameworkFactory().newFramework(FrameworkProperties.of(settings, cache.framework()));
        ending.stops(framework);
        try {
            ClassArchive archive = ClassArchive.of(System.getProperties(), settings, cache);
            start(settings, framework, core, ending);
            archive.begin();
        } catch (LaunchException | RuntimeException | Error e) {
            fail(ending, e);
        }
        framework.waitForStop(0);
        exit(0);
    }

    private static void start(Settings settings, Framework framework, FeatureList core, Ending ending)
            throws LaunchException {
        try {
            framework.init();
            BundleContext context = framework.getBundleContext();
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("openedge.launcher", "exit");
            context.registerService(IntConsumer.class, ending, properties);
            CoreBundles bundles = CoreBundles.install(context, core.bundles());
            framework.start();
            bundles.start(context);
            LoggerFactory.getLogger(Main.class)
                    .info("{} bundles of the core run, in {}", core.bundles().size(), settings.workdir());
        } catch (BundleException e) {
            throw new LaunchException("the framework does not start: " + e.getMessage(), e);
        }
    }

    /** A start that fails because the end has begun is no failure. */
    private static void fail(Ending ending, Throwable e) {
        if (ending.begin(1)) {
            System.err.println("openedge: " + (e instanceof LaunchException ? e.getMessage() : e.toString()));
            exit(1);
        }
    }

    // checkstyle: off RegexpSingleline
    private static void exit(int code) {
        System.exit(code);
    }
    // checkstyle: on RegexpSingleline
}
