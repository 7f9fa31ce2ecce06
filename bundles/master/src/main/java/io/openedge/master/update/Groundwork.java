package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.master.feature.FeatureException;
import java.util.Optional;
import java.util.Set;

/** Brings into the framework what an application needs, before anything of it is prepared. */
public interface Groundwork {
    /** @throws FeatureException says what cannot be had; what runs is not touched */
    void load(AppConfig application) throws FeatureException;

    /** The modules that it can bring. */
    Set<String> modules();

    /** Why an engine cannot be had in this installation; empty: it is there or will come. */
    Optional<String> unavailable(String engine);
}
