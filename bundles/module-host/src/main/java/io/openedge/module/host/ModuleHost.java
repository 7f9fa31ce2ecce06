package io.openedge.module.host;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs the module that the launcher names, in the current directory, with the environment and arguments of the process.
 * When the module fails, the process ends with 1 and the reason is the last line on standard error; when the framework
 * stops, the module is closed before any bundle is.
 */
@Component(
        immediate = true,
        service = {})
public final class ModuleHost {
    private static final int FAILURE = 1;

    private final BundleContext context;
    private final String module;
    private final IntConsumer exit;
    private final ModuleRun run;
    private final SynchronousBundleListener framework = this::frameworkChanged;

    /** @param launcher ends the process; knows the module's arguments */
    @Activate
    public ModuleHost(
            BundleContext context,
            @Reference(service = IntConsumer.class, target = "(openedge.launcher=exit)")
                    ServiceReference<IntConsumer> launcher) {
        this.context = context;
        this.exit = context.getService(launcher);
        this.module = context.getProperty("openedge.module");
        String[] arguments = (String[]) launcher.getProperty("openedge.arguments");
        context.addBundleListener(framework);
        this.run = new ModuleRun(
                        context,
                        module,
                        List.of(arguments),
                        Surroundings.of(System.getenv(), module),
                        Path.of("").toAbsolutePath(),
                        this::failed)
                .begin();
    }

    @Deactivate
    void stop() {
        run.stop();
        context.removeBundleListener(framework);
    }

    private void frameworkChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            run.stop();
        }
    }

    private void failed(String reason) {
        System.err.println(module + ": " + reason);
        exit.accept(FAILURE);
    }
}
