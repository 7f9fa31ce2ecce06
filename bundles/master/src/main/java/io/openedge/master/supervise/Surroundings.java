package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * What every keeper has around it. Immutable.
 *
 * @param workers threads
 * @param time of the host, or of a test
 * @param slack how much longer than its grace a stop may take before it is given up
 * @param changed hears that a view changed; returns at once
 * @param leftBehind hears of a run that did not stop in time, and its service; returns at once
 */
record Surroundings(
        Workers workers, Time time, Duration slack, Runnable changed, BiConsumer<String, Instance> leftBehind) {}
