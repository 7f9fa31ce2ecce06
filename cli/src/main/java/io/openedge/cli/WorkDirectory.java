package io.openedge.cli;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import io.openedge.config.RunningGateway;
import io.openedge.rest.client.Credentials;
import io.openedge.rest.client.GatewayClient;
import io.openedge.rest.client.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The gateway that a command means. Immutable.
 *
 * @param home the installation
 * @param conf the configuration file, absolute
 * @param config what it says
 * @param files where gateway and command meet
 */
record WorkDirectory(Path home, Path conf, GatewayConfig config, GatewayFiles files) {
    /** Reads the configuration that -w and -c name; its warnings are the gateway's to tell. */
    static WorkDirectory of(Arguments arguments) throws CommandException, ConfigException {
        Path home = installation();
        Path path = folderOf(arguments, home);
        Path conf = confOf(arguments, path);
        if (!Files.isRegularFile(conf)) {
            throw new CommandException(conf + ": there is no such file, or it cannot be read");
        }
        GatewayConfig config = ConfigReader.read(conf, GatewayConfig.class, warning -> {});
        return new WorkDirectory(home, conf, config, GatewayFiles.of(path, config));
    }

    /**
     * The gateway that runs there, where it wrote down that it is to be met, whatever the configuration says by now; when none
     * runs, as {@link #of}.
     */
    static WorkDirectory running(Arguments arguments) throws CommandException, ConfigException, IOException {
        Path home = installation();
        Path path = folderOf(arguments, home);
        Optional<RunningGateway> record = RunningGateway.read(path);
        if (record.isEmpty()
                || new GatewayProcess(record.get().files().pidFile()).running().isEmpty()) {
            return of(arguments);
        }
        GatewayConfig config = new GatewayConfig(null, record.get().grace(), null, null, null, null, null, null);
        return new WorkDirectory(
                home, confOf(arguments, path), config, record.get().files());
    }

    /** The installation. */
    static Path installation() throws CommandException {
        String property = System.getProperty("openedge.home", "");
        if (property.isEmpty()) {
            throw new CommandException("the system property openedge.home is not set; bin/openedge sets it");
        }
        return Path.of(property).toAbsolutePath().normalize();
    }

    /** What -w names. */
    static Path folderOf(Arguments arguments, Path home) throws CommandException {
        Path path = arguments
                .value("-w")
                .map(Path::of)
                .orElse(home)
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(path)) {
            throw new CommandException(path + ": there is no such work directory");
        }
        return path;
    }

    /** What -c names. */
    static Path confOf(Arguments arguments, Path folder) {
        return folder.resolve(arguments.value("-c").orElse("etc/openedge/openedge.yml"));
    }

    Path path() {
        return files.workDirectory();
    }

    Path application() {
        return path().resolve("var/db/openedge/application.yml");
    }

    /** Takes the standard output of a gateway in the background. */
    Path output() {
        return path().resolve("var/log/openedge/openedge.out");
    }

    GatewayProcess process() {
        return new GatewayProcess(files.pidFile());
    }

    /** A client with the operator's rights; refuses a socket in a folder that somebody else put there. */
    GatewayClient operator() throws ConfigException {
        files.requireOwnFolders();
        return new GatewayClient(new ServerAddress.Unix(files.operatorSocket()), Credentials.OPERATOR);
    }
}
