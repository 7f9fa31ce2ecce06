package io.openedge.master.supervise;

import io.openedge.master.work.Time;
import io.openedge.master.work.Workers;
import java.time.Duration;

/**
 * What every keeper has around it. Immutable.
 *
 * @param workers threads
 * @param time of the host, or of a test
 * @param slack how much longer than its grace a stop may take before it is given up
 * @param changed hears that a view changed; returns at once
 * @param leftBehind runs that did not stop in time
 */
record Surroundings(Workers workers, Time time, Duration slack, Runnable changed, LeftBehind leftBehind) {}
