package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.master.feature.FeatureException;

/** Brings into the framework what an application needs, before anything of it is prepared. */
@FunctionalInterface
public interface Groundwork {
    /** @throws FeatureException says what cannot be had; what runs is not touched */
    void load(AppConfig application) throws FeatureException;
}
