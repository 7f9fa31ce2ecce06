package io.openedge.engine.osgi;

import io.openedge.module.Module;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** A real Felix in a temporary folder that shares the vocabulary of the test's class path. */
final class LiveFramework extends ExternalResource {
    private static final String SHARED = "io.openedge.module;version=1.0.0,io.openedge.function;version=1.0.0,"
            + "io.openedge.system;version=1.0.0,io.openedge.app;version=1.0.0,io.openedge.mqtt;version=1.0.0,"
            + "org.slf4j;version=2.0.20";

    private final TemporaryFolder folder = new TemporaryFolder();
    private Framework framework;

    @Override
    protected void before() throws Throwable {
        folder.create();
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, folder.newFolder("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED,
                        OsgiEngine.WORK_DIRECTORY, folder.newFolder("work").toString()));
        framework.start();
    }

    @Override
    protected void after() {
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (BundleException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            folder.delete();
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Path work() {
        return Path.of(context().getProperty(OsgiEngine.WORK_DIRECTORY));
    }

    /** Installs and starts a bundle that holds the given classes, if any. */
    Bundle bundle(String name, String version, Class<?>... classes) throws BundleException, IOException {
        Bundle bundle = context().installBundle("test:" + name, jar(name, version, classes));
        bundle.start();
        return bundle;
    }

    /** Throws the wirings away that nobody uses any more. */
    void refresh() throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> refreshed.countDown());
        if (!refreshed.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the framework did not refresh");
        }
    }

    static void update(Bundle bundle, String version) throws BundleException, IOException {
        bundle.update(jar(bundle.getSymbolicName(), version));
    }

    /** What a component of the bundle would do: the framework takes the service away when the bundle stops. */
    static ServiceRegistration<Module> offer(Bundle bundle, String image, Module module) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(Module.IMAGE, image));
        return bundle.getBundleContext().registerService(Module.class, module, properties);
    }

    private static InputStream jar(String name, String version, Class<?>... classes) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        main.putValue(Constants.IMPORT_PACKAGE, "io.openedge.module,io.openedge.function,org.slf4j");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream code = type.getClassLoader().getResourceAsStream(entry)) {
                    code.transferTo(jar);
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
