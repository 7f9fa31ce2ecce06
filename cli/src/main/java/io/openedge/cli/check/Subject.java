package io.openedge.cli.check;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.config.Applications;
import io.openedge.config.ConfigReader;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is checked: a machine with a work directory. Immutable.
 *
 * @param home the installation
 * @param workDirectory absolute
 * @param conf openedge.yml
 * @param config empty: it cannot be read
 * @param files where gateway and command meet; there when the configuration is
 * @param application empty: there is none, or it cannot be read
 * @param services of the application
 * @param complaints errors and warnings of the files
 * @param running the process id of the gateway
 * @param clock of the machine
 * @param environment of the gateway
 */
public record Subject(
        Path home,
        Path workDirectory,
        Path conf,
        Optional<GatewayConfig> config,
        Optional<GatewayFiles> files,
        Optional<AppConfig> application,
        List<ServiceFiles> services,
        List<Finding> complaints,
        OptionalLong running,
        Clock clock,
        Map<String, String> environment) {

    /** Reads the files; what is wrong with them is a complaint. */
    public static Subject of(
            Path home, Path workDirectory, Path conf, Running running, Clock clock, Map<String, String> environment) {
        Report report = new Report();
        Optional<GatewayConfig> config = config(conf, report);
        Optional<GatewayFiles> files = config.map(read -> GatewayFiles.of(workDirectory, read));
        Path file = workDirectory.resolve("var/db/openedge/application.yml");
        Optional<AppConfig> application = config.flatMap(read -> application(file, read, report));
        List<ServiceFiles> services = application
                .map(read -> ServiceFiles.of(
                        workDirectory, read, config.orElseThrow().mode().word()))
                .orElse(List.of());
        OptionalLong pid = files.isPresent() ? running.of(files.get()) : OptionalLong.empty();
        return new Subject(
                home,
                workDirectory,
                conf,
                config,
                files,
                application,
                services,
                report.findings(),
                pid,
                clock,
                environment);
    }

    /** Finds the process of a gateway. */
    @FunctionalInterface
    public interface Running {
        /** Empty: none runs. */
        OptionalLong of(GatewayFiles files);
    }

    /** Whether this process may do everything, as a gateway that it starts. */
    boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Those whose module comes with the gateway, by their name. */
    List<ServiceFiles> ours() {
        return services.stream().filter(Subject::isOurs).toList();
    }

    static boolean isOurs(ServiceFiles service) {
        return service.service().module().startsWith("openedge-");
    }

    private static Optional<GatewayConfig> config(Path conf, Report report) {
        List<String> warnings = new ArrayList<>();
        try {
            GatewayConfig config =
                    ConfigReader.read(conf, GatewayConfig.class, warning -> warnings.add(warning.message()));
            warnings.forEach(warning -> report.warn("openedge.yml", warning, ""));
            if (warnings.isEmpty()) {
                report.ok(
                        "openedge.yml",
                        conf + " is valid, mode " + config.mode().word());
            }
            return Optional.of(config);
        } catch (ConfigException e) {
            report.fail("openedge.yml", String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }

    private static Optional<AppConfig> application(Path file, GatewayConfig config, Report report) {
        if (!Files.exists(file)) {
            report.warn("application.yml", file + " is not there", "no service runs until it is");
            return Optional.empty();
        }
        List<String> warnings = new ArrayList<>();
        try {
            AppConfig application =
                    Applications.read(file, config.mode().word(), warning -> warnings.add(warning.message()));
            warnings.forEach(warning -> report.warn("application.yml", warning, ""));
            if (warnings.isEmpty()) {
                report.ok(
                        "application.yml",
                        file + " is valid, services: " + application.services().size());
            }
            return Optional.of(application);
        } catch (ConfigException e) {
            report.fail("application.yml", String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }
}
