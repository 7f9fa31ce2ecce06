package io.openedge.master.feature;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;

/** A real framework, and an installation beside a work directory for it. */
public final class LiveFramework extends ExternalResource {
    private final TemporaryFolder folder = new TemporaryFolder();
    private Framework framework;

    @Override
    protected void before() throws Throwable {
        folder.create();
        Files.createDirectories(home().resolve("bundles"));
        Files.createDirectories(home().resolve("features"));
        Files.createDirectories(work().resolve("etc/openedge"));
        Files.createDirectories(work().resolve("var/db/openedge"));
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "org.osgi.framework.storage",
                folder.getRoot().toPath().resolve("cache").toString());
        properties.put("openedge.home", home().toString());
        properties.put("openedge.workdir", work().toString());
        properties.put("openedge.conf", "etc/openedge/openedge.yml");
        properties.put("openedge.version", "1.2.3");
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
    }

    @Override
    protected void after() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(10));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        folder.delete();
    }

    /** The installation. */
    public Path home() {
        return folder.getRoot().toPath().resolve("home");
    }

    /** The work directory. */
    public Path work() {
        return folder.getRoot().toPath().resolve("work");
    }

    /** The framework itself. */
    public Framework framework() {
        return framework;
    }

    /** Of the system bundle. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** The bundle of that symbolic name, or null. */
    public Bundle bundle(String name) {
        for (Bundle bundle : context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }

    /** Writes NAME.list. */
    public void list(String name, String... lines) throws IOException {
        Files.write(home().resolve("features").resolve(name + ".list"), List.of(lines));
    }

    /** Makes a bundle NAME.jar with further headers, in pairs. */
    public void jar(String name, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        for (int i = 0; i < headers.length; i += 2) {
            main.putValue(headers[i], headers[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(home().resolve("bundles").resolve(name + ".jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }
}
