package io.openedge.archive;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is to be downloaded. Immutable.
 *
 * @param url where it is
 * @param headers for the server that the address names
 * @param digest of the content
 * @param most bytes that are taken
 * @param disk what stays free
 * @param file where it goes; what an earlier try left beside it, as {@code FILE.part}, is gone on with
 */
public record Download(URI url, Map<String, String> headers, Digest digest, long most, DiskBudget disk, Path file) {
    public Download {
        headers = Map.copyOf(headers);
    }

    Path part() {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    Path validatorFile() {
        return file.resolveSibling(file.getFileName() + ".validator");
    }
}
