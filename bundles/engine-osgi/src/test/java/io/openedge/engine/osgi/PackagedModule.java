package io.openedge.engine.osgi;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * The only code of the bundles that tests bring. What it does is said by headers of its manifest; what it sees is written
 * into the service's directory.
 */
// checkstyle: off RegexpSingleline (the framework of these tests has no Declarative Services)
public final class PackagedModule implements BundleActivator, Module {
    // checkstyle: on RegexpSingleline
    static final String IMAGE = "Test-Image";
    static final String BREAKS = "Test-Breaks"; // in its activator, or in its start

    private BundleContext bundle;

    @Override
    public void start(BundleContext context) {
        bundle = context;
        breakIn("activator");
        Dictionary<String, Object> properties = new Hashtable<>(
                Map.of(Module.IMAGE, context.getBundle().getHeaders().get(IMAGE)));
        context.registerService(Module.class, this, properties);
        context.registerService(Runnable.class, () -> {}, null);
    }

    @Override
    public void stop(BundleContext context) {
        bundle = context;
    }

    private void breakIn(String place) {
        if (place.equals(bundle.getBundle().getHeaders().get(BREAKS))) {
            throw new IllegalStateException("broken in its " + place);
        }
    }

    @Override
    public ModuleInstance start(ModuleContext context) throws IOException {
        breakIn("start");
        Bundle own = bundle.getBundle();
        Path seen = context.resolve("var/db/openedge");
        Files.writeString(seen.resolve("version"), own.getVersion().toString());
        URL lib = own.getResource("org/example/lib/version");
        Files.writeString(seen.resolve("lib"), lib == null ? "" : text(lib));
        return () -> Files.writeString(seen.resolve("closed"), new Late().toString());
    }

    private static String text(URL resource) throws IOException {
        try (var in = resource.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Is loaded only when the module is closed. */
    static final class Late {
        @Override
        public String toString() {
            return "late";
        }
    }
}
