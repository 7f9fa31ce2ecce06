package io.openedge.engine.osgi;

import io.openedge.module.ModuleInstance;

/** A module at work that does nothing. */
final class PlainInstance implements ModuleInstance {
    @Override
    public void close() {}
}
