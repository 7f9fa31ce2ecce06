package io.openedge.agent;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import org.osgi.service.component.annotations.Component;

/** The image openedge-agent. */
@Component(property = Module.IMAGE + "=openedge-agent")
public final class AgentModule implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        return AgentInstance.start(context, context.configuration(AgentConfig.class));
    }
}
