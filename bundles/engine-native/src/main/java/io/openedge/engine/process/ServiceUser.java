package io.openedge.engine.process;

import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A user of this host. Immutable; any thread.
 *
 * @param name to log in
 * @param uid number
 * @param gid number of its first group
 * @param home its folder
 */
record ServiceUser(String name, int uid, int gid, String home) {
    private static final Path USERS = Path.of("/etc/passwd");
    private static final int HOME = 5; // field of a line, see passwd(5)
    private static final long LIMIT_SECONDS = 10;

    /**
     * The user of a service; empty: the gateway's.
     *
     * @throws EngineException when it is unknown, or the gateway may not become it
     */
    static Optional<ServiceUser> of(String service, String user, Tools tools) throws EngineException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        String what = "service '" + service + "': user '" + user + "' ";
        if (!tools.root()) {
            throw new EngineException(what + "is not possible: only a gateway that runs as root can start a service as"
                    + " another user");
        }
        if (!tools.has("setpriv")) {
            throw new EngineException(what + "is not possible: there is no setpriv on this host (package util-linux)");
        }
        return Optional.of(find(user)
                .orElseThrow(() -> new EngineException(
                        what + "is unknown on this host; allowed: the name or number of a user that it has")));
    }

    /** The name service of the host knows users that the file does not. */
    private static Optional<ServiceUser> find(String user) throws EngineException {
        return Stream.concat(asked(user).stream(), listed(user).stream()).findFirst();
    }

    private static Optional<ServiceUser> asked(String user) {
        try {
            Process process = new ProcessBuilder("getent", "passwd", user)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String line = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? parse(line.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<ServiceUser> listed(String user) throws EngineException {
        try (Stream<String> lines = Files.lines(USERS, StandardCharsets.UTF_8)) {
            return lines.map(ServiceUser::parse)
                    .flatMap(Optional::stream)
                    .filter(one ->
                            one.name.equals(user) || Integer.toString(one.uid).equals(user))
                    .findFirst();
        } catch (IOException e) {
            throw new EngineException(USERS + " cannot be read: " + e, e);
        }
    }

    private static Optional<ServiceUser> parse(String line) {
        List<String> fields = Arrays.asList(line.split(":", -1));
        try {
            return fields.size() > HOME
                    ? Optional.of(new ServiceUser(
                            fields.get(0),
                            Integer.parseInt(fields.get(2)),
                            Integer.parseInt(fields.get(3)),
                            fields.get(HOME)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Gives the user what is in a folder of ours; volumes behind links stay whose they are. */
    void own(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) inside::iterator) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }
}
