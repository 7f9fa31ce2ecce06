package io.openedge.shell;

import io.openedge.system.ServerSettings;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** The shell in a real Felix; a restart forgets all bundles, as the launcher does. */
final class LiveShell extends ExternalResource {
    final FakeGateways gateways = new FakeGateways();
    private final TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile());
    private final List<Terminal> terminals = new ArrayList<>();
    private Framework framework;
    private ShellComponent shell;

    @Override
    protected void before() throws Throwable {
        folder.create();
        folder.newFolder("work");
        start();
    }

    void start() throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.getRoot().toPath().resolve("cache").toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        ShellComponent.WORK_DIRECTORY,
                        work().toString()));
        framework.start();
        gateways.serve(new ServerSettings("", Duration.ofMinutes(1), "", "", "", work().resolve("run/operator.sock")));
        shell = new ShellComponent(framework.getBundleContext(), gateways);
    }

    /** Ends the shell alone. */
    void close() {
        shell.close();
    }

    void stop() throws BundleException, InterruptedException, IOException {
        shell.close();
        for (Terminal terminal : terminals) {
            terminal.close();
        }
        terminals.clear();
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Override
    protected void after() {
        try {
            stop();
        } catch (BundleException | InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        } finally {
            folder.delete();
        }
    }

    Framework framework() {
        return framework;
    }

    Path work() {
        return folder.getRoot().toPath().resolve("work");
    }

    Path socket() {
        return work().resolve("run/shell.sock");
    }

    Terminal terminal() throws IOException {
        Terminal terminal = new Terminal(socket());
        terminals.add(terminal);
        return terminal;
    }

    /** Puts a bundle in the work directory; with something it imports, if not empty. */
    Path jar(String file, String name, String version, String imports) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_VERSION, version);
        if (!imports.isEmpty()) {
            main.putValue(
                    imports.startsWith("=") ? Constants.EXPORT_PACKAGE : Constants.IMPORT_PACKAGE,
                    imports.replace("=", ""));
        }
        Path jar = work().resolve(file);
        try (FileOutputStream out = new FileOutputStream(jar.toFile())) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }

    List<String> keptFiles() throws IOException {
        Path kept = work().resolve("var/lib/openedge/bundles");
        try (var files = Files.list(kept)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
