package io.openedge.master;

import io.openedge.app.AppConfig;
import io.openedge.master.feature.FeatureException;
import io.openedge.master.feature.FeatureStock;
import io.openedge.master.supervise.Engines;
import io.openedge.master.update.Groundwork;
import java.util.Optional;
import java.util.Set;

/** What this installation can bring. Any thread. */
record InstalledFeatures(FeatureStock features, Engines engines) implements Groundwork {
    @Override
    public void load(AppConfig application) throws FeatureException {
        features.load(application);
    }

    @Override
    public Set<String> modules() {
        return features.images();
    }

    @Override
    public Optional<String> unavailable(String engine) {
        return features.bringEngine(engine) || engines.has(engine)
                ? Optional.empty()
                : Optional.of("engine '" + engine + "' is not available in this installation");
    }
}
