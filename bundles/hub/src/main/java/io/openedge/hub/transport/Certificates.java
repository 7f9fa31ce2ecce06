package io.openedge.hub.transport;

import io.netty.handler.ssl.SslContext;
import io.openedge.app.ConfigException;
import org.slf4j.Logger;

/**
 * The hub's certificates as they are in their files now. Thread rule: {@link #context} any thread, {@link #check} one at
 * a time.
 */
final class Certificates {
    private final CertificateFiles files;
    private final Logger log;
    private volatile SslContext context;
    private String taken;
    private String seen;

    /** @throws ConfigException when the files cannot be used */
    Certificates(CertificateFiles files, Logger log) throws ConfigException {
        this.files = files;
        this.log = log;
        taken = files.stamp();
        seen = taken;
        context = files.read();
    }

    /** For a new connection. */
    SslContext context() {
        return context;
    }

    /**
     * Looks whether the files have changed. A change is taken once it has lasted from one check to the next, since a
     * certificate and its key are not replaced in one instant. What cannot be used is said once.
     */
    void check() {
        String now = files.stamp();
        boolean lasted = now.equals(seen);
        seen = now;
        if (!lasted || now.equals(taken)) {
            return;
        }
        taken = now;
        try {
            context = files.read();
            log.info("the certificates have changed: new connections get the new ones");
        } catch (ConfigException | RuntimeException e) {
            log.error("the certificates have changed and cannot be used, the ones before are kept: {}", e.getMessage());
        }
    }
}
