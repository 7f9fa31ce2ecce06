package io.openedge.master.stats;

import io.openedge.engine.InstanceRecord;

/**
 * What application.stats holds of an instance. Immutable.
 *
 * @param engine that ran it
 * @param record what finds it again
 */
public record Leftover(String engine, InstanceRecord record) {}
