package io.openedge.function.python;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import org.osgi.service.component.annotations.Component;

/** The image openedge-function-python27. */
@Component(property = Module.IMAGE + "=openedge-function-python27")
public final class Python27Module implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        return PythonInstance.start(context, PythonVersion.PYTHON_27);
    }
}
