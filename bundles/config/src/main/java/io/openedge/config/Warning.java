package io.openedge.config;

/**
 * Something in a configuration file that the operator should look at and that does not stop the load.
 *
 * @param message starts with file, line and key path
 */
public record Warning(String message) {}
