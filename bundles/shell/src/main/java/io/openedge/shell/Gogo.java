package io.openedge.shell;

import io.openedge.shell.command.BundleCommands;
import io.openedge.shell.command.BundleConverter;
import io.openedge.shell.command.GatewayCommands;
import io.openedge.shell.kept.KeptBundles;
import io.openedge.system.Gateways;
import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.gogo.command.Basic;
import org.apache.felix.gogo.command.Files;
import org.apache.felix.gogo.command.Inspect;
import org.apache.felix.gogo.runtime.activator.Activator;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.threadio.ThreadIO;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * Felix Gogo with its commands and ours. Thread rule: any thread. Commands answer by their result or print on the
 * session's console; what a command prints on System.out goes where the gateway's standard output goes.
 */
final class Gogo implements AutoCloseable {
    private static final String FELIX = "felix";
    private static final String OPENEDGE = "openedge";
    /** Those of Gogo's that ours do not replace. */
    private static final String[] BASIC = {"bundlelevel", "frameworklevel", "headers", "help", "lb", "log", "which"};

    private final BundleContext context;
    private final Path workDirectory;
    private final Processor processor = new Processor();
    private final List<ServiceRegistration<?>> registered = new ArrayList<>();

    private Gogo(BundleContext context, Path workDirectory) {
        this.context = context;
        this.workDirectory = workDirectory;
    }

    static Gogo start(BundleContext context, Gateways gateways, KeptBundles kept, Path workDirectory) throws Exception {
        Gogo gogo = new Gogo(context, workDirectory);
        gogo.processor.start(context);
        BundleCommands bundles = new BundleCommands(context, kept, workDirectory);
        gogo.commands(FELIX, new Basic(context), BASIC);
        gogo.commands(FELIX, new Inspect(context), "inspect");
        gogo.commands(FELIX, new Files(context), "cd", "ls");
        gogo.commands(FELIX, bundles, BundleCommands.NAMES);
        gogo.commands(OPENEDGE, bundles, "bundles");
        gogo.commands(OPENEDGE, new GatewayCommands(gateways), GatewayCommands.NAMES);
        gogo.registered.add(context.registerService(Converter.class, new BundleConverter(context), null));
        return gogo;
    }

    /** A session; whoever opens it closes it. */
    CommandSession open(PrintStream out, PrintStream err) {
        CommandSession session = processor.get().createSession(InputStream.nullInputStream(), out, err);
        session.put("SCOPE", FELIX + ":" + OPENEDGE + ":*");
        session.put("_cwd", new File(workDirectory.toString()));
        session.currentDir(workDirectory);
        return session;
    }

    @Override
    public void close() {
        registered.forEach(ServiceRegistration::unregister);
        processor.stop(context);
    }

    private void commands(String scope, Object commands, String... names) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, scope);
        properties.put(CommandProcessor.COMMAND_FUNCTION, names);
        registered.add(context.registerService(Object.class, commands, properties));
    }

    /**
     * Gogo's own start without its streams by thread: threads that a command starts would inherit them, and the module
     * of a bundle that was started here would print into this session for as long as it lives.
     */
    private static final class Processor extends Activator {
        @Override
        protected ServiceRegistration<?> newProcessor(@Nullable ThreadIO streams, BundleContext context) {
            return super.newProcessor(null, context);
        }

        CommandProcessor get() {
            return processor;
        }
    }
}
