package io.openedge.config;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a gateway and its command meet. Both derive it from the work directory and openedge.yml and find the same places.
 * Immutable; any thread.
 *
 * <p>A socket whose path is longer than the system allows lies in a folder of its own under /run (root) or /tmp, named by
 * the work directory.
 *
 * @param workDirectory absolute, links resolved
 * @param pidFile absolute
 * @param apiAddress {@code unix:///PATH} or {@code tcp://HOST:PORT}, complete
 * @param operatorSocket absolute
 */
public record GatewayFiles(Path workDirectory, Path pidFile, String apiAddress, Path operatorSocket) {
    private static final String UNIX = "unix://";
    /** In bytes. The system takes 107; Java 17 to 25 refuse the last one. */
    private static final int MAX_SOCKET_PATH = 106;

    private static final int HASH_DIGITS = 16;
    private static final String OPERATOR_SOCKET = "var/run/openedge/operator.sock";

    /** The places that hold for this process's user. */
    public static GatewayFiles of(Path workDirectory, GatewayConfig config) {
        return of(workDirectory, config, SocketOwner.current());
    }

    static GatewayFiles of(Path workDirectory, GatewayConfig config, SocketOwner user) {
        Path work = real(workDirectory);
        Path fallback = user.sockets().resolve(hash(work));
        String address = config.server().address();
        if (address.startsWith(UNIX)) {
            Path socket = work.resolve(address.substring(UNIX.length())).normalize();
            address = UNIX + socket(socket, fallback.resolve("openedge.sock"));
        }
        return new GatewayFiles(
                work,
                work.resolve(config.pidfile()).normalize(),
                address,
                socket(work.resolve(OPERATOR_SOCKET), fallback.resolve("operator.sock")));
    }

    private static Path real(Path workDirectory) {
        try {
            return workDirectory.toRealPath();
        } catch (IOException e) {
            return workDirectory.toAbsolutePath().normalize();
        }
    }

    private static Path socket(Path wanted, Path fallback) {
        boolean fits = wanted.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH;
        return fits ? wanted : fallback;
    }

    private static String hash(Path work) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(work.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Makes the folders of pid file and sockets. Those outside the work directory that stand in for paths too long are made
     * for this user alone, and refused when somebody else made them or others may write there.
     *
     * @throws ConfigException says which folder cannot be used and why
     */
    public void createFolders() throws ConfigException {
        createFolders(SocketOwner.current());
    }

    void createFolders(SocketOwner user) throws ConfigException {
        for (Path file : files()) {
            Path folder = Objects.requireNonNull(file.getParent());
            try {
                if (user.sockets().equals(folder.getParent())) {
                    user.create(user.sockets());
                    user.create(folder);
                } else {
                    Files.createDirectories(folder);
                }
            } catch (IOException e) {
                throw new ConfigException("the folder for " + file + " cannot be made: " + FileTrouble.sentence(e), e);
            }
        }
    }

    /**
     * Refuses sockets in a folder under /tmp that somebody else put there; a client calls it before it connects.
     *
     * @throws ConfigException says which folder is not this user's
     */
    public void requireOwnFolders() throws ConfigException {
        SocketOwner user = SocketOwner.current();
        for (Path file : files()) {
            Path folder = Objects.requireNonNull(file.getParent());
            if (user.sockets().equals(folder.getParent()) && Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                user.requireOwn(user.sockets());
                user.requireOwn(folder);
            }
        }
    }

    /** Removes the folders that stood in for paths too long, when nothing is in them any more. */
    public void removeFolders() throws IOException {
        removeFolders(SocketOwner.current());
    }

    void removeFolders(SocketOwner user) throws IOException {
        for (Path file : files()) {
            Path folder = Objects.requireNonNull(file.getParent());
            if (user.sockets().equals(folder.getParent()) && user.removeEmpty(folder)) {
                user.removeEmpty(user.sockets());
            }
        }
    }

    private List<Path> files() {
        Stream<Path> api =
                apiAddress.startsWith(UNIX) ? Stream.of(Path.of(apiAddress.substring(UNIX.length()))) : Stream.empty();
        return Stream.concat(Stream.of(pidFile, operatorSocket), api).toList();
    }
}
