package io.openedge.engine.process;

import io.openedge.app.ConfigException;
import io.openedge.app.ServiceSpec;
import io.openedge.directory.PackageFile;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a service: what the package of its image names as entry. Immutable.
 *
 * @param entry absolute; links on the way to it are as the service sees them
 * @param ready whether it says when it works
 */
record Program(Path entry, boolean ready) {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    /** Who may read a program may run it; who else may write it decides what the gateway runs. */
    private static final Map<PosixFilePermission, PosixFilePermission> RUN_IF_READ = Map.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

    /**
     * The program in a volume of the service, else the one that the installation has for its module; made executable.
     *
     * @param directory of the service
     * @param places where programs lie
     * @throws EngineException when there is none, or it is none
     */
    static Program of(ServiceSpec service, Path directory, Places places) throws EngineException {
        PackageFile found = places.find(service, PackageFile.find(directory, service.image(), service.module()));
        String what = "service '" + service.name() + "': " + found.path() + ": ";
        try {
            PackageFile.Content content = content(what, found);
            Path program = checked(what, found, content, places);
            makeExecutable(what, program.toRealPath());
            return new Program(program, content.ready());
        } catch (IOException e) {
            throw new EngineException(what + "its entry cannot be used: " + e, e);
        }
    }

    /**
     * Whether a service that is not open has a program; changes nothing.
     *
     * @throws EngineException when it has none
     */
    static void check(ServiceSpec service, Volumes volumes, Places places) throws EngineException {
        PackageFile found = places.find(service, PackageFile.find(service, volumes));
        String what = "service '" + service.name() + "': " + found.path() + ": ";
        try {
            checked(what, found, content(what, found), places);
        } catch (IOException e) {
            throw new EngineException(what + "its entry cannot be used: " + e, e);
        }
    }

    private static Path checked(String what, PackageFile file, PackageFile.Content content, Places places)
            throws EngineException, IOException {
        String entry = content.entry();
        String named = what + "entry '" + entry + "' ";
        Path program = file.folder().resolve(entry.replaceFirst("^/+", "")).normalize();
        if (!program.startsWith(file.folder())) {
            throw new EngineException(named + "leads out of the package");
        }
        if (!Files.isRegularFile(program)) {
            throw new EngineException(named + "is no file");
        }
        Path real = program.toRealPath();
        if (places.roots().stream().noneMatch(real::startsWith)) {
            throw new EngineException(named + "leads out of the work directory through a link, to " + real);
        }
        return program;
    }

    private static PackageFile.Content content(String what, PackageFile file) throws EngineException {
        try {
            PackageFile.Content content = file.read(warning -> LOG.warn("{}", warning.message()));
            if (content.entry().isEmpty()) {
                throw new EngineException(what + "entry is missing; allowed: a program of the package, as bin/PROGRAM");
            }
            return content;
        } catch (ConfigException e) {
            throw new EngineException(what + e.getMessage(), e);
        }
    }

    private static void makeExecutable(String what, Path real) throws EngineException, IOException {
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(real);
        Set<PosixFilePermission> wanted = EnumSet.copyOf(now);
        RUN_IF_READ.forEach((read, run) -> {
            if (now.contains(read)) {
                wanted.add(run);
            }
        });
        wanted.remove(PosixFilePermission.OTHERS_WRITE);
        if (wanted.equals(now)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(real, wanted);
        } catch (IOException e) { // somebody else's, or on a file system that nobody writes to
            if (now.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new EngineException(
                        what + "its entry may be written by everybody, and that cannot be changed: " + e, e);
            }
            if (!Files.isExecutable(real)) {
                throw new EngineException(what + "its entry cannot be made executable: " + e, e);
            }
        }
    }

    /** The name under which the host shows it. */
    String name() {
        return Optional.ofNullable(entry.getFileName()).map(Path::toString).orElse("");
    }
}
