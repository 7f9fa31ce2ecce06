package io.openedge.engine.osgi;

import io.openedge.engine.osgi.packages.Packages;
import io.openedge.module.runtime.FunctionAccess;
import io.openedge.module.runtime.ModuleContexts;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all instances of the engine share. Immutable.
 *
 * @param offers the modules that bundles offer
 * @param packages the bundles that services bring
 * @param contexts makes the modules' contexts
 * @param endpoints the functions served here
 * @param functions finds functions here and elsewhere, and serves those of here elsewhere
 * @param abandoned threads that did not stop in time
 * @param watch a timer; what runs on it returns at once
 */
record Shared(
        ModuleOffers offers,
        Packages packages,
        ModuleContexts contexts,
        Endpoints endpoints,
        FunctionAccess functions,
        AbandonedThreads abandoned,
        ScheduledExecutorService watch) {}
