package io.openedge.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Where the gateway is installed and where it works. Immutable.
 *
 * @param home the installation: bundles/, features/, lib/
 * @param workdir etc/ and var/
 * @param conf the gateway's configuration file
 * @param foreground somebody reads standard output: the log goes there too, wherever the configuration sends it
 */
record Settings(Path home, Path workdir, Path conf, boolean foreground) {
    static final String HOME = "openedge.home";
    static final String WORKDIR = "openedge.workdir";
    static final String CONF = "openedge.conf";
    static final String FOREGROUND = "openedge.foreground";
    private static final String DEFAULT_CONF = "etc/openedge/openedge.yml";

    /** Reads the properties of these names. WORKDIR defaults to the installation, a relative CONF is taken in WORKDIR. */
    static Settings of(Properties properties) throws LaunchException {
        String home = properties.getProperty(HOME, "");
        if (home.isEmpty()) {
            throw new LaunchException("the property " + HOME + " must name the installation");
        }
        Path installation = folder(home);
        Path workdir = folder(properties.getProperty(WORKDIR, home));
        Path conf = workdir.resolve(properties.getProperty(CONF, DEFAULT_CONF));
        boolean foreground = Boolean.parseBoolean(properties.getProperty(FOREGROUND));
        return new Settings(installation, workdir, conf, foreground);
    }

    Path cache() {
        return workdir.resolve("var/cache");
    }

    private static Path folder(String name) throws LaunchException {
        Path path = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new LaunchException(path + " is no folder");
        }
        return path;
    }
}
