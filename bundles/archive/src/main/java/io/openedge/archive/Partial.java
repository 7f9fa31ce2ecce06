package io.openedge.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier try has left, and by which validator (RFC 9110, section 8.8) the server knows whether it is still a part
 * of the same content. Used by one thread.
 */
final class Partial {
    private final Download download;

    Partial(Download download) {
        this.download = download;
    }

    /** The bytes that are there. */
    long size() throws IOException {
        return Files.exists(download.part()) ? Files.size(download.part()) : 0;
    }

    /** For If-Range; empty when nothing can be gone on with. */
    Optional<String> validator() throws IOException {
        try {
            List<String> lines = Files.readAllLines(download.validatorFile(), StandardCharsets.UTF_8);
            boolean same =
                    lines.size() == 2 && lines.get(0).equals(download.url().toString());
            return same && size() > 0 ? Optional.of(lines.get(1)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Starts anew. */
    void restart(Function<String, @Nullable String> headers) throws IOException {
        discard();
        String etag = headers.apply("ETag");
        String modified = headers.apply("Last-Modified");
        String validator = etag != null && etag.startsWith("\"") ? etag : modified;
        if (validator != null && validator.indexOf('\n') < 0) {
            Files.writeString(download.validatorFile(), download.url() + "\n" + validator + "\n");
        }
    }

    void discard() throws IOException {
        for (Path file : List.of(download.validatorFile(), download.part())) {
            Files.deleteIfExists(file);
        }
    }

    /** It is complete and right. */
    void keep() throws IOException {
        Durable.sync(download.part());
        Files.move(download.part(), download.file(), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(download.validatorFile());
    }
}
