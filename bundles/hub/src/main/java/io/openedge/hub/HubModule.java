package io.openedge.hub;

import io.openedge.hub.session.Limits;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import org.osgi.service.component.annotations.Component;

/** The module {@code openedge-hub}: an MQTT broker in memory. */
@Component(service = Module.class, property = Module.IMAGE + "=openedge-hub")
public final class HubModule implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        HubConfig config = context.configuration(HubConfig.class);
        HubServer.Memory memory = HubServer.Memory.ofHeap();
        Limits limits = Limits.of(config.message(), memory.session());
        return HubServer.start(
                config,
                HubServer.broker(config, limits, memory, context.logger()),
                "hub-" + context.instance(),
                context.locator());
    }
}
