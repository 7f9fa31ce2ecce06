package io.openedge.engine.osgi.packages;

/**
 * One version of the package of one service: its bundles see each other and are seen by no others. Immutable.
 *
 * @param service name
 * @param digest of the package's content
 */
public record Region(String service, String digest) {}
