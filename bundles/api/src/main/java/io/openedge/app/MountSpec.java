package io.openedge.app;

/**
 * Where a service finds a volume. Immutable.
 *
 * @param name of the volume
 * @param path joined to the service's root, also when it starts with a slash
 * @param readOnly whether the service may not write there
 * @param restart whether an update restarts the service when the content of the volume changed; below etc it always does
 */
public record MountSpec(String name, String path, boolean readOnly, Restart restart) {
    public MountSpec {
        Names.require("name", name);
        if (path == null) {
            throw new InvalidValueException("path", "", "a folder below the root of the service");
        }
        restart = restart == null ? Restart.NEVER : restart;
    }

    /** A mount whose content restarts nobody, unless it is below etc. */
    public MountSpec(String name, String path, boolean readOnly) {
        this(name, path, readOnly, Restart.NEVER);
    }

    /** When a change of content restarts the service. */
    public enum Restart {
        /** Only below etc. */
        NEVER,
        /** At the next update. */
        ONCHANGE
    }
}
