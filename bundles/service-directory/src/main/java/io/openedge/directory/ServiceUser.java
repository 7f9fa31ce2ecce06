package io.openedge.directory;

import io.openedge.engine.EngineException;
import io.openedge.module.ProcessUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The user as whom a service runs. Immutable; any thread.
 *
 * @param name to log in; the number where this host has no name for it
 * @param uid number
 * @param gid number of its first group
 * @param home its folder
 * @param setpriv the program that becomes somebody else
 */
public record ServiceUser(String name, int uid, int gid, String home, Path setpriv) {
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path DATA = Path.of("var/db/openedge");
    private static final int HOME = 5; // field of a line, see passwd(5)
    private static final long LIMIT_SECONDS = 10;
    private static final int MOST_NUMBER = 0x7FFF_FFFE;

    /**
     * The user of a service; empty: the gateway's. A number need not be known to this host: its group is the one of the
     * same number, it has no home.
     *
     * @param root whether the gateway runs as root
     * @param setpriv where that program is; empty: this host has none
     * @throws EngineException when it is unknown, or the gateway may not become it
     */
    public static Optional<ServiceUser> of(String service, String user, boolean root, Optional<Path> setpriv)
            throws EngineException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        String what = "service '" + service + "': user '" + user + "' ";
        if (!root) {
            throw new EngineException(what + "is not possible: only a gateway that runs as root can start a service as"
                    + " another user");
        }
        if (setpriv.isEmpty()) {
            throw new EngineException(what + "is not possible: there is no setpriv on this host (package util-linux)");
        }
        Optional<Entry> known = find(user).or(() -> number(user));
        return Optional.of(
                known.map(entry -> new ServiceUser(entry.name, entry.uid, entry.gid, entry.home, setpriv.get()))
                        .orElseThrow(() -> new EngineException(what
                                + "is unknown on this host; allowed: the name of a user that it has, or a number")));
    }

    /** {@link #of(String, String, boolean, Optional)} with what this host has. */
    public static Optional<ServiceUser> of(String service, String user) throws EngineException {
        return user.isEmpty() ? Optional.empty() : of(service, user, isRoot(), setprivOfHost());
    }

    private record Entry(String name, int uid, int gid, String home) {}

    /** Whether this process may do everything. */
    public static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Path> setprivOfHost() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/bin:/bin:/usr/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "setpriv"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Entry> number(String user) {
        if (!user.matches("[0-9]{1,10}") || Long.parseLong(user) > MOST_NUMBER) {
            return Optional.empty();
        }
        int number = Integer.parseInt(user);
        return Optional.of(new Entry(user, number, number, "/"));
    }

    /** The words of a command that start a program as this user. */
    public List<String> launcher() {
        return List.of(
                setpriv.toString(),
                "--reuid=" + uid,
                "--regid=" + gid,
                name.equals(Integer.toString(uid)) ? "--clear-groups" : "--init-groups",
                "--inh-caps=-all");
    }

    /** For the module whose processes are to run as this user. */
    public ProcessUser forModules() {
        return new ProcessUser(name, uid, gid, home, launcher());
    }

    /** The name service of the host knows users that the file does not. */
    private static Optional<Entry> find(String user) throws EngineException {
        return Stream.concat(asked(user).stream(), listed(user).stream()).findFirst();
    }

    private static Optional<Entry> asked(String user) {
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

    private static Optional<Entry> listed(String user) throws EngineException {
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

    private static Optional<Entry> parse(String line) {
        List<String> fields = Arrays.asList(line.split(":", -1));
        try {
            return fields.size() > HOME
                    ? Optional.of(new Entry(
                            fields.get(0),
                            Integer.parseInt(fields.get(2)),
                            Integer.parseInt(fields.get(3)),
                            fields.get(HOME)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Gives the user a service's directory, which nobody else may enter then, and keeps the other users of services out of
     * the volumes that are this service's alone: those may be entered by their owner and by this user's group.
     *
     * @param alone the folders of those volumes, and whether the service may not write to them
     * @throws EngineException when the user cannot get there
     */
    public void own(Path directory, Map<Path, Boolean> alone) throws EngineException, IOException {
        try (Stream<Path> inside = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) inside::iterator) {
                give(path);
            }
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        keepOthersOut(directory, alone);
    }

    /**
     * As {@link #own}, for a service whose files the gateway itself reads and writes: the user may only read, and write to
     * the folder of its data, lest it turn the gateway's hand elsewhere.
     */
    public void enter(Path directory, Map<Path, Boolean> alone) throws EngineException, IOException {
        Files.setAttribute(directory, "unix:gid", gid);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        if (Files.isDirectory(directory.resolve(DATA), LinkOption.NOFOLLOW_LINKS)) {
            give(directory.resolve(DATA));
        }
        keepOthersOut(directory, alone);
    }

    private void give(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void keepOthersOut(Path directory, Map<Path, Boolean> alone) throws EngineException, IOException {
        requireWay(directory);
        for (Map.Entry<Path, Boolean> volume : alone.entrySet()) {
            keepOthersOut(volume.getKey(), volume.getValue());
            requireWay(volume.getKey());
        }
    }

    private void keepOthersOut(Path folder, boolean readOnly) throws IOException {
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
        rights.removeAll(Set.of(
                PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE));
        rights.addAll(Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE));
        if (readOnly) {
            rights.remove(PosixFilePermission.GROUP_WRITE);
        } else {
            rights.add(PosixFilePermission.GROUP_WRITE);
        }
        Files.setAttribute(folder, "unix:gid", gid);
        Files.setPosixFilePermissions(folder, rights);
    }

    private void requireWay(Path place) throws EngineException, IOException {
        for (Path folder = place; folder != null; folder = folder.getParent()) {
            Map<String, Object> attributes = Files.readAttributes(folder, "unix:uid,gid,permissions");
            PosixFilePermission needed = Integer.valueOf(uid).equals(attributes.get("uid"))
                    ? PosixFilePermission.OWNER_EXECUTE
                    : Integer.valueOf(gid).equals(attributes.get("gid"))
                            ? PosixFilePermission.GROUP_EXECUTE
                            : PosixFilePermission.OTHERS_EXECUTE;
            if (!((Set<?>) attributes.get("permissions")).contains(needed)) {
                throw new EngineException("user '" + name + "' may not enter " + folder + " and cannot get to " + place
                        + "; let others enter it (chmod o+x), or put the work directory elsewhere");
            }
        }
    }
}
