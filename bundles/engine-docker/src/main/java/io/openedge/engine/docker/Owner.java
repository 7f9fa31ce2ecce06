package io.openedge.engine.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A user and a group of this host, as numbers. Immutable. */
record Owner(int user, int group) {
    static final int ROOT = 0;

    /** Whoever the gateway runs as. */
    static Owner ofGateway() {
        try {
            return of(Path.of("/proc/self"));
        } catch (IOException e) {
            throw new IllegalStateException("Linux tells a process who it is", e);
        }
    }

    /** Whose a file or folder is. */
    static Owner of(Path file) throws IOException {
        return new Owner(
                (Integer) Files.getAttribute(file, "unix:uid"), (Integer) Files.getAttribute(file, "unix:gid"));
    }

    /** As Docker takes it. */
    String text() {
        return user + ":" + group;
    }
}
