package io.openedge.master.app;

import io.openedge.app.AppConfig;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import io.openedge.master.app.ServicePlan.InstanceGateways;
import io.openedge.master.supervise.Plan;
import io.openedge.module.ServiceLocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Makes of the services of an application what supervision runs. Immutable; any thread.
 *
 * @param workDirectory absolute
 * @param operatorSocket which no volume may hold
 * @param mode the engine of services that name none
 * @param environment of instances
 * @param grace how long an instance may take to stop
 * @param locator where the services of the running application are
 * @param gateways what instances may ask of the gateway
 * @param tokens a fresh token for a service
 */
public record ServicePlans(
        Path workDirectory,
        Path operatorSocket,
        String mode,
        Environment environment,
        Duration grace,
        ServiceLocator locator,
        InstanceGateways gateways,
        UnaryOperator<String> tokens) {
    /** Those of the services of an application that are named, in their order; each gets a new token. */
    public List<Plan> of(AppConfig application, Collection<String> names) {
        ServicePlan.Setting setting =
                new ServicePlan.Setting(folders(application), environment, grace, locator, gateways);
        return application.services().stream()
                .filter(service -> names.contains(service.name()))
                .<Plan>map(service ->
                        new ServicePlan(service, service.engineIn(mode), tokens.apply(service.name()), setting))
                .toList();
    }

    /**
     * The folders that a service mounts, made when they are missing.
     *
     * @throws EngineException when one cannot be had; names volume and path
     */
    public Volumes volumes(AppConfig application, ServiceSpec service) throws EngineException {
        return folders(application).of(service.mounts());
    }

    /**
     * As {@link VolumeFolders#expected}.
     *
     * @param coming folders whose content will be put in place, by volume
     * @throws EngineException when one cannot be had; names volume and path
     */
    public Volumes expected(AppConfig application, ServiceSpec service, Map<String, Path> coming)
            throws EngineException {
        return folders(application).expected(service.mounts(), coming);
    }

    private VolumeFolders folders(AppConfig application) {
        return VolumeFolders.of(workDirectory, operatorSocket, application, mode);
    }
}
