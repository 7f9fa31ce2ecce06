package io.openedge.master.update;

import io.openedge.app.AppConfig;
import java.util.Map;

/**
 * An application with all that an update compares. Immutable.
 *
 * @param application what the file says
 * @param text the file as it is; empty when there is none
 * @param contents by service: digests of what it mounts and wants to be restarted for, by the path of the mount
 * @param digest of text and contents together: what was tried before is known by it
 */
public record Deployment(AppConfig application, byte[] text, Map<String, Map<String, String>> contents, String digest) {
    /** What runs while there is no application.yml. */
    public static final Deployment NONE = new Deployment(AppConfig.NONE, new byte[0], Map.of(), "");

    public Deployment {
        contents = Map.copyOf(contents);
    }
}
