package io.openedge.master.app;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.master.supervise.Plan;
import io.openedge.module.ServiceLocator;
import io.openedge.system.Gateway;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A service of the application as supervision runs it. Immutable; any thread. */
public final class ServicePlan implements Plan {
    private final ServiceSpec service;
    private final Environment.ServiceEnvironment own;
    private final Setting setting;

    /**
     * @param engine that runs it
     * @param token of the service
     * @param setting what all services share
     */
    public ServicePlan(ServiceSpec service, String engine, String token, Setting setting) {
        this.service = service;
        this.own = new Environment.ServiceEnvironment(service.name(), engine, service.env(), token);
        this.setting = setting;
    }

    @Override
    public ServiceSpec service() {
        return service;
    }

    @Override
    public String engine() {
        return own.engine();
    }

    @Override
    public ServiceHandle open(Engine engine, Progress progress) throws EngineException, InterruptedException {
        Volumes volumes = setting.volumes().of(service.mounts());
        EngineException missing =
                engine.prepare(List.of(service), volumes, progress).get(service.name());
        if (missing != null) {
            throw missing;
        }
        return engine.open(service, volumes);
    }

    @Override
    public InstanceSpec replica(String name) {
        return spec(name, setting.environment().replica(own, name), false);
    }

    @Override
    public InstanceSpec dynamic(String name, Map<String, String> configuration) {
        return spec(name, setting.environment().dynamic(own, name, configuration), true);
    }

    private InstanceSpec spec(String name, Map<String, String> environment, boolean dynamic) {
        return new InstanceSpec(
                service.name(),
                name,
                service.args(),
                environment,
                dynamic,
                setting.grace(),
                setting.locator(),
                setting.gateways().of(service, name, dynamic));
    }

    /** The gateway as an instance may use it. */
    @FunctionalInterface
    public interface InstanceGateways {
        /** @param dynamic whether the instance was started through the API */
        Gateway of(ServiceSpec service, String instance, boolean dynamic);
    }

    /**
     * What all services of an application share.
     *
     * @param volumes folders
     * @param environment of instances
     * @param grace how long an instance may take to stop
     * @param locator where services are
     * @param gateways what instances may ask of the gateway
     */
    public record Setting(
            VolumeFolders volumes,
            Environment environment,
            Duration grace,
            ServiceLocator locator,
            InstanceGateways gateways) {}
}
