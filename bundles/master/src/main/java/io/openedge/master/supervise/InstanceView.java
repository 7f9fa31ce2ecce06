package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import java.time.Instant;
import java.util.Optional;

/**
 * An instance as its owner showed it last. Immutable.
 *
 * @param phase what supervision does with it
 * @param reason why
 * @param started when its current or last run began; the epoch when there was none
 * @param restarts since its first start
 * @param run in the engine, also one that ended and may be restarted in place
 * @param tried whether it has worked or failed once
 */
record InstanceView(Phase phase, String reason, Instant started, int restarts, Optional<Instance> run, boolean tried) {}
