package io.openedge.master;

import java.nio.file.Path;
import org.osgi.framework.BundleContext;

/**
 * Where the gateway is installed and where it works, as the launcher says it. Immutable.
 *
 * @param home bundles/ and features/
 * @param workDirectory etc/ and var/
 * @param conf openedge.yml
 * @param version of the gateway; empty when not known
 * @param foreground somebody reads standard output
 */
record Installation(Path home, Path workDirectory, Path conf, String version, boolean foreground) {
    private static final String CONF = "etc/openedge/openedge.yml";

    static Installation of(BundleContext context) {
        Path home = Path.of(property(context, "openedge.home", "."))
                .toAbsolutePath()
                .normalize();
        Path work = home.resolve(property(context, "openedge.workdir", "")).normalize();
        return new Installation(
                home,
                work,
                work.resolve(property(context, "openedge.conf", CONF)),
                property(context, "openedge.version", ""),
                Boolean.parseBoolean(property(context, "openedge.foreground", "")));
    }

    Path application() {
        return workDirectory.resolve("var/db/openedge/application.yml");
    }

    Path stats() {
        return workDirectory.resolve("var/db/openedge/application.stats");
    }

    /** Names of further features, one a line. */
    Path moreFeatures() {
        return workDirectory.resolve("etc/openedge/features");
    }

    private static String property(BundleContext context, String name, String otherwise) {
        String value = context.getProperty(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
