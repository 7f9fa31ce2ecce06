package io.openedge.system;

/**
 * A volume as {@link Inspect} shows it. Immutable.
 *
 * @param name of the volume
 * @param version of its content; empty when not known
 */
public record VolumeStatus(String name, String version) {}
