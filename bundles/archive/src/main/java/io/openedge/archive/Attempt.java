package io.openedge.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;

/** Tries of one download. Used by one thread. */
final class Attempt {
    private static final int REDIRECTS = 5;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int DISK_STEP = 16 << 20;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");

    private final HttpsConnections connections;
    private final Download download;
    private final BooleanSupplier wanted;
    private final Partial partial;
    private long received;
    private long furthest;

    Attempt(HttpsConnections connections, Download download, BooleanSupplier wanted) {
        this.connections = connections;
        this.download = download;
        this.wanted = wanted;
        this.partial = new Partial(download);
    }

    /** The bytes that came in so far, in all tries. */
    long received() {
        return received;
    }

    /** The most bytes of the file that were there at once. */
    long furthest() {
        return furthest;
    }

    /** Tries once from the first byte: then it is complete, or of no use. */
    void runAnew() throws IOException {
        partial.discard();
        run();
    }

    /**
     * Tries once, and goes on with what is there.
     *
     * @return whether it is complete; false: what was gone on with is not of that content
     * @throws ArchiveException when trying again is of no use
     */
    boolean run() throws IOException {
        Optional<String> validator = partial.validator();
        long from = validator.isPresent() ? partial.size() : 0;
        HttpsURLConnection answer = answer(download.url(), range(validator, from));
        try {
            if (answer.getResponseCode() == RANGE_NOT_SATISFIABLE && from > 0) {
                return completeOr(false);
            }
            boolean goesOn = answer.getResponseCode() == HttpURLConnection.HTTP_PARTIAL;
            if (goesOn && !continues(answer, from)) {
                return false;
            }
            if (!goesOn) {
                partial.restart(answer::getHeaderField);
            }
            copy(answer, goesOn ? from : 0);
        } finally {
            answer.disconnect();
        }
        return completeOr(from == 0);
    }

    private static Map<String, String> range(Optional<String> validator, long from) {
        return validator
                .map(known -> Map.of("Range", "bytes=" + from + "-", "If-Range", known))
                .orElse(Map.of());
    }

    /** A wrong content that began with an older part gets a second chance. */
    private boolean completeOr(boolean last) throws IOException {
        if (download.digest().matches(download.part())) {
            partial.keep();
            return true;
        }
        if (last) {
            throw new ArchiveException(name() + " is not what was announced: its digest is not " + download.digest()
                    + " but " + Digest.of(download.part(), download.digest().algorithm()));
        }
        return false;
    }

    private HttpsURLConnection answer(URI first, Map<String, String> range) throws IOException {
        URI url = first;
        for (int i = 0; i <= REDIRECTS; i++) {
            Map<String, String> headers = new HashMap<>(download.headers());
            headers.putAll(range);
            headers.put("Accept-Encoding", "identity");
            HttpsURLConnection connection = connections.open(url, headers);
            boolean taken = false;
            try {
                int status = connection.getResponseCode();
                if (!isRedirect(status)) {
                    checkStatus(status, range.isEmpty());
                    taken = true;
                    return connection;
                }
                url = redirected(url, connection.getHeaderField("Location"));
            } finally {
                if (!taken) {
                    connection.disconnect();
                }
            }
        }
        throw new ArchiveException(name() + ": more than " + REDIRECTS + " redirects");
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private URI redirected(URI from, String location) throws ArchiveException {
        try {
            URI to = from.resolve(location == null ? "" : location);
            boolean same = from.getScheme().equalsIgnoreCase(to.getScheme())
                    && from.getHost().equalsIgnoreCase(to.getHost())
                    && from.getPort() == to.getPort();
            if (same) {
                return to;
            }
            throw new ArchiveException(name() + " is redirected to " + HttpsConnections.printable(to)
                    + "; allowed: redirects on the same server over https");
        } catch (IllegalArgumentException e) {
            throw new ArchiveException(name() + " is redirected to no address");
        }
    }

    private void checkStatus(int status, boolean whole) throws IOException {
        if (status == HttpURLConnection.HTTP_OK
                || !whole && (status == HttpURLConnection.HTTP_PARTIAL || status == RANGE_NOT_SATISFIABLE)) {
            return;
        }
        String what = name() + ": the server answers " + status;
        if (status >= 500 || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == TOO_MANY_REQUESTS) {
            throw new IOException(what);
        }
        throw new ArchiveException(what);
    }

    private static boolean continues(HttpsURLConnection answer, long from) {
        String range = answer.getHeaderField("Content-Range");
        Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range);
        return matcher.matches() && matcher.group(1).equals(Long.toString(from));
    }

    private void copy(HttpsURLConnection answer, long from) throws IOException {
        long announced = answer.getContentLengthLong();
        checkSize(from + Math.max(0, announced));
        download.disk().require(download.part().getParent(), Math.max(0, announced), name());
        long size = from;
        byte[] buffer = new byte[1 << 15];
        try (InputStream in = answer.getInputStream();
                OutputStream out =
                        Files.newOutputStream(download.part(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checkSize(size + read);
                out.write(buffer, 0, read);
                received += read;
                if (size / DISK_STEP != (size + read) / DISK_STEP) {
                    download.disk().require(download.part().getParent(), DISK_STEP, name());
                }
                size += read;
                furthest = Math.max(furthest, size);
                if (!wanted.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException(name() + ": not wanted any more");
                }
            }
        }
        if (announced >= 0 && size != from + announced) {
            throw new IOException(name() + ": ended after " + size + " of " + (from + announced) + " bytes");
        }
    }

    private void checkSize(long size) throws ArchiveException {
        if (size > download.most()) {
            throw new ArchiveException(name() + " is too large; allowed: up to " + download.most() + " bytes");
        }
    }

    private String name() {
        return HttpsConnections.printable(download.url());
    }

    /** The message of a failure, with its kind where the message alone says nothing, and what is at the bottom of it. */
    static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        boolean bare = failure instanceof UnknownHostException || failure.getMessage() == null;
        String reason = bare ? failure.getClass().getSimpleName() + ": " + message : message;
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        String cause = String.valueOf(bottom.getMessage());
        return reason.contains(cause) ? reason : reason + ": " + cause;
    }
}
