package io.openedge.shell.command;

import io.openedge.shell.kept.KeptBundle;
import io.openedge.shell.kept.KeptBundles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The commands that change bundles. They take what Gogo's take; these fail with a reason instead of printing one, and keep
 * what is installed for the next start. Thread rule: any thread.
 */
public final class BundleCommands {
    /** Names of the commands. */
    public static final String[] NAMES = {"install", "start", "stop", "update", "uninstall", "refresh", "resolve"};

    private static final String FILE = "file:";
    private static final int PATIENCE_MILLIS = 30_000;

    private final BundleContext context;
    private final KeptBundles kept;
    private final Path workDirectory;

    /** @param workDirectory where relative paths begin */
    public BundleCommands(BundleContext context, KeptBundles kept, Path workDirectory) {
        this.context = context;
        this.kept = kept;
        this.workDirectory = workDirectory;
    }

    /** Installs bundles. */
    @Descriptor("install bundles; they come again at each start of the gateway until they are uninstalled")
    public String install(
            @Descriptor("file:PATH (relative: in the work directory) or another URL of a jar") String[] urls)
            throws IOException, BundleException {
        requireSome(urls, "URL of a bundle");
        List<Bundle> installed = new ArrayList<>();
        for (String url : urls) {
            installed.add(installOne(url));
        }
        return (installed.size() == 1 ? "Bundle ID: " : "Bundle IDs: ")
                + installed.stream()
                        .map(bundle -> String.valueOf(bundle.getBundleId()))
                        .collect(Collectors.joining(", "));
    }

    /** Starts bundles. */
    @Descriptor("start bundles")
    public void start(
            @Descriptor("until the gateway stops only")
                    @Parameter(
                            names = {"-t", "--transient"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean passing,
            @Descriptor("ID, symbolic name or URL, which is installed first") String[] bundles)
            throws IOException, BundleException {
        requireSome(bundles, "bundle to start");
        for (String word : bundles) {
            Bundle bundle = isUrl(word) ? installOne(word) : find(word);
            if (!passing) {
                kept.started(bundle, true);
            }
            bundle.start(passing ? Bundle.START_TRANSIENT : 0);
        }
    }

    /** Stops bundles. */
    @Descriptor("stop bundles")
    public void stop(
            @Descriptor("until the gateway stops only")
                    @Parameter(
                            names = {"-t", "--transient"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean passing,
            @Descriptor("ID or symbolic name") String[] bundles)
            throws IOException, BundleException {
        requireSome(bundles, "bundle to stop");
        for (String word : bundles) {
            Bundle bundle = find(word);
            if (!passing) {
                kept.started(bundle, false);
            }
            bundle.stop(passing ? Bundle.STOP_TRANSIENT : 0);
        }
    }

    /** Updates a bundle from where it came. */
    @Descriptor("update a bundle from where it was installed")
    public String update(@Descriptor("ID or symbolic name") String bundle) throws IOException, BundleException {
        return update(bundle, find(bundle).getLocation());
    }

    /** Updates a bundle from elsewhere. */
    @Descriptor("update a bundle")
    public String update(
            @Descriptor("ID or symbolic name") String bundle,
            @Descriptor("file:PATH (relative: in the work directory) or another URL of a jar") String url)
            throws IOException, BundleException {
        Bundle updated = find(bundle);
        try (InputStream content = open(location(url))) {
            kept.update(updated, content);
        }
        String now = updated.getSymbolicName() + " " + updated.getVersion();
        return kept.find(updated.getLocation()).isPresent()
                ? now
                : now + ", until the gateway stops: the bundle belongs to the installation";
    }

    /** Uninstalls bundles. */
    @Descriptor("uninstall bundles")
    public void uninstall(@Descriptor("ID or symbolic name") String[] bundles) throws IOException, BundleException {
        requireSome(bundles, "bundle to uninstall");
        for (String word : bundles) {
            kept.uninstall(find(word));
        }
    }

    /** Wires bundles anew. */
    @Descriptor("wire anew what was updated or uninstalled while others used it")
    public void refresh(@Descriptor("ID or symbolic name; none: all that need it") String[] bundles) {
        wiring().refreshBundles(bundles.length == 0 ? null : findAll(bundles));
    }

    /** Resolves bundles. */
    @Descriptor("resolve bundles")
    public void resolve(@Descriptor("ID or symbolic name; none: all") String[] bundles) {
        if (!wiring().resolveBundles(bundles.length == 0 ? null : findAll(bundles))) {
            throw new IllegalStateException("not all of them resolve; start one to see what it lacks");
        }
    }

    /** What is kept. */
    @Descriptor("the bundles that were installed from the shell")
    public String bundles() {
        Table table = new Table("ID", "BUNDLE", "VERSION", "AFTER A START", "LOCATION");
        for (KeptBundle one : kept.all()) {
            Optional<Bundle> bundle = Optional.ofNullable(context.getBundle(one.location()));
            table.row(
                    bundle.map(b -> String.valueOf(b.getBundleId())).orElse("-"),
                    bundle.map(b -> String.valueOf(b.getSymbolicName())).orElse("-"),
                    bundle.map(b -> b.getVersion().toString()).orElse("-"),
                    one.started() ? "running" : "stopped",
                    one.location());
        }
        return table.toString();
    }

    private Bundle installOne(String url) throws IOException, BundleException {
        String location = location(url);
        Bundle there = context.getBundle(location);
        if (there != null) {
            throw new IllegalArgumentException(location + " is installed already: bundle " + there.getBundleId()
                    + "; update puts another content in its place");
        }
        try (InputStream content = open(location)) {
            return kept.install(location, content);
        }
    }

    /** What is no URL is a path; file:PATH with a relative path is meant as one too. */
    private String location(String url) {
        String text = url.strip();
        boolean relative = text.startsWith(FILE) && !text.startsWith(FILE + "/");
        try {
            return workDirectory
                    .toUri()
                    .resolve(relative ? text.substring(FILE.length()) : text)
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + url + "' is no URL: " + e.getMessage(), e);
        }
    }

    private static InputStream open(String location) throws IOException {
        String address = location.startsWith("reference:") ? location.substring("reference:".length()) : location;
        URLConnection connection = URI.create(address).toURL().openConnection();
        connection.setUseCaches(false);
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        return connection.getInputStream();
    }

    private FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    private List<Bundle> findAll(String[] words) {
        return Stream.of(words).map(this::find).toList();
    }

    private Bundle find(String word) {
        return BundleConverter.find(context, word)
                .orElseThrow(() -> new IllegalArgumentException("there is no bundle " + word));
    }

    private static boolean isUrl(String word) {
        return word.contains(":") || word.contains("/");
    }

    private static void requireSome(String[] words, String what) {
        if (words.length == 0) {
            throw new IllegalArgumentException("missing: " + what);
        }
    }
}
