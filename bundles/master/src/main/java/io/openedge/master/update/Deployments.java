package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import io.openedge.app.MountSpec;
import io.openedge.app.MountSpec.Restart;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.ApplicationDraft;
import io.openedge.config.Applications;
import io.openedge.config.FileTrouble;
import io.openedge.config.Problem;
import io.openedge.config.UserRange;
import io.openedge.config.Warning;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds and reads applications, and digests what they mount. Writes nothing; any thread, for as long as the disk takes. */
public final class Deployments {
    private static final String FILE = "application.yml";
    private static final int MOST_BYTES = 4 << 20;
    private static final Path SETTINGS = Path.of("etc");

    private final Path workDirectory;
    private final Path current;
    private final Path old;
    private final String mode;
    private final UserRange users;

    /**
     * @param workDirectory absolute
     * @param current the application.yml that runs
     * @param mode the engine of services that name none
     * @param users for services of functions that name none
     */
    public Deployments(Path workDirectory, Path current, String mode, UserRange users) {
        this.workDirectory = workDirectory;
        this.current = current;
        this.old = current.resolveSibling(FILE + ".old");
        this.mode = mode;
        this.users = users;
    }

    /**
     * Reads the application that runs: the one from before an update as long as that is not committed.
     *
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    public Deployment current(Consumer<Warning> warnings) throws ConfigException {
        Path file = Files.exists(old) ? old : current;
        return Files.exists(file)
                ? read(file, file.toString(), this::folder, warnings).deployment()
                : Deployment.NONE;
    }

    /** An application that cannot be used, so that it can be put back as it is. */
    public Deployment unusable() {
        try {
            return new Deployment(AppConfig.NONE, Files.readAllBytes(current), Map.of(), "");
        } catch (IOException e) {
            return Deployment.NONE;
        }
    }

    /**
     * Reads the application that an update names, as if its volumes were in their places.
     *
     * @throws ConfigException names file, line, key path, value and what is allowed
     */
    Candidate wanted(ApplicationSet set, Consumer<Warning> warnings) throws ConfigException {
        return read(set.file(), set.name(), set::expected, warnings);
    }

    /** The same application with its contents as they are now: its services were started again. */
    Deployment again(Deployment before) {
        return new Deployment(
                before.application(), before.text(), contents(before.application(), this::folder), before.digest());
    }

    private Path folder(VolumeSpec volume) {
        return Applications.join(workDirectory, volume.path());
    }

    /**
     * Finds what an update names.
     *
     * @param path an application.yml, a folder that holds one, or an archive; relative: in the work directory; empty: the
     *     current file
     * @param anywhere whether it may lie outside the work directory
     * @return the file
     * @throws ConfigException says why the path is none
     */
    Path file(String path, boolean anywhere) throws ConfigException {
        if (path.isEmpty()) {
            return current;
        }
        try {
            Path given = Path.of(path).normalize();
            boolean asItIs = given.isAbsolute() && (anywhere || given.startsWith(workDirectory));
            Path named = asItIs ? given : Applications.join(workDirectory, path);
            Path file = Files.isDirectory(named) ? named.resolve(FILE) : named;
            if (!anywhere && !file.toRealPath().startsWith(workDirectory.toRealPath())) {
                throw new ConfigException(path + ": leads out of the work directory " + workDirectory);
            }
            return file;
        } catch (InvalidPathException e) {
            throw new ConfigException("path: '" + path + "' is not allowed here; allowed: a file or a folder", e);
        } catch (InvalidValueException e) {
            throw new ConfigException(path + ": leads out of the work directory " + workDirectory, e);
        } catch (NoSuchFileException e) {
            throw new ConfigException(e.getFile() + ": there is no such file", e);
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.sentence(e), e);
        }
    }

    /** What is checked is what is put in place: the file is read once. */
    private Candidate read(Path file, String name, Function<VolumeSpec, Path> folders, Consumer<Warning> warnings)
            throws ConfigException {
        byte[] text = bytes(file);
        ApplicationDraft draft = Applications.draft(text, name, mode, warnings);
        AppConfig application = withUsers(draft);
        Map<String, Map<String, String>> contents = contents(application, folders);
        return new Candidate(new Deployment(application, text, contents, digest(text, contents)), draft);
    }

    private AppConfig withUsers(ApplicationDraft draft) throws ConfigException {
        try {
            return users.assign(draft.application(), mode);
        } catch (InvalidValueException e) {
            draft.refuse(List.of(new Problem(e)));
            throw e;
        }
    }

    private static byte[] bytes(Path file) throws ConfigException {
        if (!Files.exists(file)) {
            throw new ConfigException(file + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(file + ": is not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.sentence(file, e), e);
        }
    }

    private static Map<String, Map<String, String>> contents(
            AppConfig application, Function<VolumeSpec, Path> folders) {
        Map<String, VolumeSpec> volumes =
                application.volumes().stream().collect(Collectors.toMap(VolumeSpec::name, Function.identity()));
        Map<Path, String> known = new HashMap<>();
        Map<String, Map<String, String>> contents = new HashMap<>();
        for (ServiceSpec service : application.services()) {
            Map<String, String> digests = new TreeMap<>();
            for (MountSpec mount : service.mounts()) {
                if (counts(mount)) {
                    Path folder = folders.apply(volumes.get(mount.name()));
                    digests.put(mount.path(), known.computeIfAbsent(folder, FolderDigest::of));
                }
            }
            contents.put(service.name(), digests);
        }
        return contents;
    }

    private static boolean counts(MountSpec mount) {
        return mount.restart() == Restart.ONCHANGE || place(mount).startsWith(SETTINGS);
    }

    /** Where it is below the root of the service. */
    static Path place(MountSpec mount) {
        return Applications.join(Path.of(""), mount.path()).normalize();
    }

    private static String digest(byte[] text, Map<String, Map<String, String>> contents) {
        return FolderDigest.of(
                Stream.of(text, String.valueOf(new TreeMap<>(contents)).getBytes(StandardCharsets.UTF_8)));
    }
}
