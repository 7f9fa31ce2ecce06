package io.openedge.engine.osgi;

import io.openedge.module.runtime.FunctionResolver;
import io.openedge.module.runtime.ModuleContexts;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all instances of the engine share. Immutable.
 *
 * @param offers the modules that bundles offer
 * @param contexts makes the modules' contexts
 * @param endpoints the functions served here
 * @param functions finds functions here and elsewhere
 * @param abandoned threads that did not stop in time
 * @param watch a timer; what runs on it returns at once
 */
record Shared(
        ModuleOffers offers,
        ModuleContexts contexts,
        Endpoints endpoints,
        FunctionResolver functions,
        AbandonedThreads abandoned,
        ScheduledExecutorService watch) {}
