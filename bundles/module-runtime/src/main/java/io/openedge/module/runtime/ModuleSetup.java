package io.openedge.module.runtime;

import io.openedge.module.ProcessUser;
import io.openedge.module.ServiceLocator;
import io.openedge.system.Gateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What differs from one instance, and from one host of modules, to the next. Immutable.
 *
 * @param service name of the service
 * @param instance name of the instance
 * @param args after the program's name
 * @param environment complete, OPENEDGE_* included
 * @param directory the service's directory, absolute
 * @param user as whom it runs what it starts outside; empty: as this process
 * @param locator where the application's services are
 * @param gateway what the instance may ask of the gateway
 * @param functions how functions elsewhere are reached and its own are served
 * @param failure hears that the instance cannot go on; returns at once
 */
public record ModuleSetup(
        String service,
        String instance,
        List<String> args,
        Map<String, String> environment,
        Path directory,
        Optional<ProcessUser> user,
        ServiceLocator locator,
        Gateway gateway,
        FunctionAccess functions,
        Consumer<Throwable> failure) {
    public ModuleSetup {
        args = List.copyOf(args);
        environment = Map.copyOf(environment);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("directory '" + directory + "' of " + instance + " is not absolute");
        }
    }

    /** An instance that runs everything as this process. */
    public ModuleSetup(
            String service,
            String instance,
            List<String> args,
            Map<String, String> environment,
            Path directory,
            ServiceLocator locator,
            Gateway gateway,
            FunctionAccess functions,
            Consumer<Throwable> failure) {
        this(service, instance, args, environment, directory, Optional.empty(), locator, gateway, functions, failure);
    }
}
