package io.openedge.function.manager;

import io.openedge.function.manager.pool.EventLoop;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.time.Duration;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Component;

/** The image openedge-function-manager. */
@Component(property = Module.IMAGE + "=openedge-function-manager")
public final class FunctionManagerModule implements Module {
    /** What is published once the gateway says that it is up must find its rules: the hub may be starting too. */
    private static final Duration HUB_LIMIT = Duration.ofSeconds(10);

    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        EventLoop loop = new EventLoop(context.instance() + "-rules", context.logger());
        ManagerInstance instance = ManagerInstance.start(context, loop, InstantSource.system());
        try {
            if (!instance.awaitHub(HUB_LIMIT)) {
                context.logger().warn("the hub is not there yet; rules serve once it is");
            }
            return instance;
        } catch (InterruptedException e) {
            instance.close();
            throw e;
        }
    }
}
