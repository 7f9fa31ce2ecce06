package io.openedge.app;

/**
 * A folder of the host that services mount. Immutable.
 *
 * @param name unique in the application
 * @param path joined to the work directory, also when it starts with a slash
 * @param meta where its content comes from; read by agents
 */
public record VolumeSpec(String name, String path, Meta meta) {
    public VolumeSpec {
        Names.require("name", name);
        if (path == null) {
            throw new InvalidValueException("path", "", "a folder, taken in the work directory");
        }
        meta = meta == null ? Meta.NONE : meta;
    }

    /**
     * Where the content of a volume comes from. Absent parts are empty.
     *
     * @param url of the archive
     * @param md5 base64 of the archive's MD5
     * @param version the version that is reported for the volume
     * @param sha256 hexadecimal SHA-256 of the archive
     */
    public record Meta(String url, String md5, String version, String sha256) {
        /** Nothing known. */
        public static final Meta NONE = new Meta("", "", "", "");

        public Meta {
            url = url == null ? "" : url;
            md5 = md5 == null ? "" : md5;
            version = version == null ? "" : version;
            sha256 = sha256 == null ? "" : sha256;
        }
    }
}
