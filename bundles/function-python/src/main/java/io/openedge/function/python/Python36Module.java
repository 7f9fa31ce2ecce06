package io.openedge.function.python;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import org.osgi.service.component.annotations.Component;

/** The image openedge-function-python36. */
@Component(property = Module.IMAGE + "=openedge-function-python36")
public final class Python36Module implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        return PythonInstance.start(context, PythonVersion.PYTHON_36);
    }
}
