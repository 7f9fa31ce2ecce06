package io.openedge.system;

/**
 * The gateway's own software. Immutable.
 *
 * @param os of the host in Go's words, for example linux
 * @param arch of the host in Go's words, for example amd64
 * @param pwd work directory
 * @param mode engine of services that name none
 * @param goVersion the run-time, for example {@code java 17.0.15}; the key is the old one
 * @param binVersion of the gateway
 * @param confVersion of the application
 */
public record Software(
        String os, String arch, String pwd, String mode, String goVersion, String binVersion, String confVersion) {}
