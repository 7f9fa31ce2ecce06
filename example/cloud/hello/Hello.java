package org.example.cloud;

import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.util.Map;

/** Says its version in the gateway's status, which the agent reports to the cloud. */
public final class Hello implements Module {
    private static final String VERSION = "@HELLO@";

    @Override
    public ModuleInstance start(ModuleContext context) {
        if (VERSION.startsWith("3")) {
            throw new IllegalStateException("no sensor on bus 3");
        }
        context.gateway().report(context.service(), context.instance(), Map.of("hello", VERSION));
        return () -> {};
    }
}
