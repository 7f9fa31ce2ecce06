package io.openedge.cli;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.cli.app.ServiceFiles;
import io.openedge.cli.logs.InstanceLogs;
import io.openedge.cli.logs.Logged;
import io.openedge.cli.logs.ServiceLog;
import io.openedge.config.Applications;
import io.openedge.config.ConfigReader;
import io.openedge.config.LoggerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Prints what the instances of a service have logged, from files: the gateway need not run. */
final class LogsVerb implements Verb {
    private static final int ALL = Integer.MAX_VALUE;

    @Override
    public List<Option> options() {
        return List.of(
                new Option("-f", "", "go on with what comes"),
                new Option("-n", "LINES", "only the last so many; a stack trace belongs to its line"));
    }

    @Override
    public String operands() {
        return "SERVICE";
    }

    /** What every module's file may have. */
    record Section(LoggerConfig logger) {
        Section {
            logger = logger == null ? LoggerConfig.DEFAULT : logger;
        }
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        String name = Operator.service(arguments.operands(1, operands()).get(0));
        int most = arguments.number("-n", ALL, 0, ALL);
        WorkDirectory work = WorkDirectory.of(arguments);
        try (Logged log = log(work, service(work, name), console)) {
            long found = log.print(most);
            if (arguments.has("-f")) {
                log.follow(console.out()::checkError);
            } else {
                log.finish();
                if (found == 0 && most > 0) {
                    console.complain("service " + name + " has logged nothing so far");
                }
            }
            return OK;
        }
    }

    private static ServiceFiles service(WorkDirectory work, String name) throws ConfigException, CommandException {
        if (!Files.exists(work.application())) {
            throw new CommandException("there is no application: " + work.application());
        }
        AppConfig application = Applications.read(work.application(), warning -> {});
        for (ServiceFiles files :
                ServiceFiles.of(work.path(), application, work.config().mode().word())) {
            if (files.service().name().equals(name)) {
                return files;
            }
        }
        String known = application.services().stream().map(ServiceSpec::name).collect(Collectors.joining(", "));
        throw new CommandException("there is no service '" + name + "'; "
                + (known.isEmpty() ? "the application has none" : "there are " + known));
    }

    private static Logged log(WorkDirectory work, ServiceFiles service, Console console)
            throws CommandException, IOException {
        String name = service.service().name();
        String own = ownPath(service.configuration());
        if (!own.isEmpty()) {
            return ServiceLog.own(service.host(own), name, console::say);
        }
        Path printed = work.path().resolve("var/log/openedge/services").resolve(name);
        if (!service.engine().equals("osgi") && InstanceLogs.areIn(printed)) {
            return new InstanceLogs(printed, name, console::say);
        }
        String path = work.config().logger().path();
        Path file = path.isEmpty() ? work.output() : work.path().resolve(path).normalize();
        if (path.isEmpty() && !Files.exists(file)) {
            throw new CommandException("the gateway logs to standard output, and " + file
                    + " is not there; logger.path in " + work.conf() + " names a file");
        }
        return ServiceLog.among(file, name, console::say);
    }

    /** A file that cannot be read is said by the module, in the log of the gateway. */
    private static String ownPath(Path configuration) {
        try {
            return Files.exists(configuration)
                    ? ConfigReader.read(configuration, Section.class, warning -> {})
                            .logger()
                            .path()
                    : "";
        } catch (ConfigException e) {
            return "";
        }
    }
}
