package io.openedge.shell;

import io.openedge.shell.kept.KeptBundles;
import io.openedge.system.Gateways;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell as long as there is a {@link Gateways}: brings back the bundles that an operator installed, then serves
 * shell.sock beside the operator's socket. Gogo is started with the first session. A socket that cannot be served is
 * logged; the gateway goes on without its shell.
 */
@Component(
        service = {},
        immediate = true)
public final class ShellComponent {
    /** Framework property: the work directory, absolute. */
    static final String WORK_DIRECTORY = "openedge.workdir";

    private static final Logger LOG = LoggerFactory.getLogger(ShellComponent.class);
    private static final String SOCKET = "shell.sock";
    private static final String KEPT = "var/lib/openedge/bundles";

    private final BundleContext context;
    private final Gateways gateways;
    private final Path workDirectory;
    private final KeptBundles kept;
    private Optional<Gogo> gogo = Optional.empty(); // guarded by this
    private Optional<ShellServer> server = Optional.empty();

    /** Serves; knows the framework property {@code openedge.workdir}. */
    @Activate
    public ShellComponent(BundleContext context, @Reference Gateways gateways) {
        this.context = context;
        this.gateways = gateways;
        this.workDirectory = Path.of(Optional.ofNullable(context.getProperty(WORK_DIRECTORY))
                .orElseThrow(() -> new IllegalStateException("no framework property " + WORK_DIRECTORY)));
        this.kept = new KeptBundles(context, workDirectory.resolve(KEPT));
        kept.restore();
        Path socket = gateways.server().operatorSocket().resolveSibling(SOCKET);
        try {
            server = Optional.of(ShellServer.open(socket, this::gogo));
        } catch (IOException e) {
            LOG.error("there is no shell: {}", e.getMessage());
        }
    }

    /** Ends all sessions; socket and threads are gone afterwards. */
    @Deactivate
    public void close() {
        server.ifPresent(ShellServer::close);
        synchronized (this) {
            gogo.ifPresent(Gogo::close);
            gogo = Optional.empty();
        }
        kept.close();
    }

    private synchronized Gogo gogo() throws Exception {
        if (gogo.isEmpty()) {
            gogo = Optional.of(Gogo.start(context, gateways, kept, workDirectory));
        }
        return gogo.get();
    }
}
