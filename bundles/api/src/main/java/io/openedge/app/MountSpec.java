package io.openedge.app;

/**
 * Where a service finds a volume. Immutable.
 *
 * @param name of the volume
 * @param path joined to the service's root, also when it starts with a slash
 * @param readOnly whether the service may not write there
 */
public record MountSpec(String name, String path, boolean readOnly) {
    public MountSpec {
        Names.require("name", name);
        if (path == null) {
            throw new InvalidValueException("path", "", "a folder below the root of the service");
        }
    }
}
