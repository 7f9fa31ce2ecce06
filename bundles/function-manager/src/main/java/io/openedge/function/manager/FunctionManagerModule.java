package io.openedge.function.manager;

import io.openedge.function.manager.pool.EventLoop;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Component;

/** The image openedge-function-manager. */
@Component(property = Module.IMAGE + "=openedge-function-manager")
public final class FunctionManagerModule implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        EventLoop loop = new EventLoop(context.instance() + "-rules", context.logger());
        return ManagerInstance.start(context, loop, InstantSource.system());
    }
}
