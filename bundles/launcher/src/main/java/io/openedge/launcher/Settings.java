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
 * @param cache what is lost when it is deleted is made again
 */
record Settings(Path home, Path workdir, Path conf, boolean foreground, Path cache) {
    static final String HOME = "openedge.home";
    static final String WORKDIR = "openedge.workdir";
    static final String CONF = "openedge.conf";
    static final String FOREGROUND = "openedge.foreground";
    static final String CACHE = "openedge.cache";
    private static final String DEFAULT_CONF = "etc/openedge/openedge.yml";

    /** Reads the properties of these names. WORKDIR defaults to the installation, relative paths are taken in it. */
    static Settings of(Properties properties) throws LaunchException {
        String home = properties.getProperty(HOME, "");
        if (home.isEmpty()) {
            throw new LaunchException("the property " + HOME + " must name the installation");
        }
        Path installation = folder(home);
        Path workdir = folder(properties.getProperty(WORKDIR, home));
        Path conf = workdir.resolve(properties.getProperty(CONF, DEFAULT_CONF));
        boolean foreground = Boolean.parseBoolean(properties.getProperty(FOREGROUND));
        Path cache = workdir.resolve(properties.getProperty(CACHE, "var/cache"));
        return new Settings(installation, workdir, conf, foreground, cache);
    }

    private static Path folder(String name) throws LaunchException {
        Path path = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new LaunchException(path + " is no folder");
        }
        return path;
    }
}
