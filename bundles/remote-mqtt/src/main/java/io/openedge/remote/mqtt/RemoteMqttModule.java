package io.openedge.remote.mqtt;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.time.Duration;
import org.osgi.service.component.annotations.Component;

/** The image openedge-remote-mqtt. */
@Component(property = Module.IMAGE + "=openedge-remote-mqtt")
public final class RemoteMqttModule implements Module {
    /** What is published once the gateway says that it is up goes to the remotes: the hub may be starting too. */
    private static final Duration HUB_LIMIT = Duration.ofSeconds(10);

    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        Bridge bridge = Bridge.start(context);
        try {
            if (!bridge.awaitHub(HUB_LIMIT)) {
                context.logger().warn("the hub is not there yet; rules serve once it is");
            }
            return bridge;
        } catch (InterruptedException e) {
            bridge.close();
            throw e;
        }
    }
}
