package io.openedge.master.update;

import io.openedge.app.ConfigException;
import io.openedge.archive.DiskBudget;
import io.openedge.archive.Durable;
import io.openedge.archive.UnpackLimits;
import io.openedge.archive.Unpacker;
import io.openedge.config.FileTrouble;
import io.openedge.config.trust.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what updates name: an application.yml, a folder that holds one, or a zip archive of one with volumes at their paths.
 * Any thread, for as long as the disk takes.
 *
 * @param deployments finds files
 * @param workDirectory absolute
 * @param kept the manifest of the application that runs
 */
record ApplicationSets(Deployments deployments, Path workDirectory, Path kept) {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationSets.class);
    private static final Path[] PLACES = {Path.of("application.yml"), Path.of("var/db/openedge/application.yml")};
    private static final long MOST_BYTES = 16L << 30;
    private static final long STAYS_FREE = 64L << 20;

    /** What a crash left of archives; to be asked before one is opened. */
    List<Path> leftovers() {
        if (!Files.isDirectory(staging())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(staging())) {
            return folders.toList();
        } catch (IOException e) {
            LOG.warn("what is left of archives stays: {}", FileTrouble.sentence(e));
            return List.of();
        }
    }

    /** Removes it; others may be opened meanwhile. */
    static void clean(List<Path> leftovers) {
        for (Path folder : leftovers) {
            try {
                Durable.deleteTree(folder);
            } catch (IOException e) {
                LOG.warn("what is left of archives stays: {}", FileTrouble.sentence(e));
            }
        }
    }

    private Path staging() {
        return workDirectory.resolve("var/lib/openedge/staging/sets");
    }

    /**
     * Opens one.
     *
     * @param path as {@link Deployments#file} takes it
     * @throws ConfigException says what is wrong with the path or the archive
     */
    ApplicationSet open(String path, boolean anywhere) throws ConfigException {
        Path file = deployments.file(path, anywhere);
        if (path.isEmpty()) {
            return new ApplicationSet(workDirectory, file, file.toString(), kept, Optional.empty());
        }
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".zip")
                ? unpack(file)
                : new ApplicationSet(workDirectory, file, file.toString(), beside(file), Optional.empty());
    }

    private static Path beside(Path file) {
        return file.resolveSibling(Manifest.FILE);
    }

    private ApplicationSet unpack(Path zip) throws ConfigException {
        try {
            Files.createDirectories(staging());
            Path folder = Files.createTempDirectory(staging(), "set");
            try {
                new Unpacker(UnpackLimits.of(MOST_BYTES, new DiskBudget(STAYS_FREE))).unpack(zip, folder);
                for (Path place : PLACES) {
                    Path file = folder.resolve(place);
                    if (Files.isRegularFile(file)) {
                        return new ApplicationSet(
                                workDirectory, file, zip + "/" + place, beside(file), Optional.of(folder));
                    }
                }
                throw new ConfigException(zip + ": holds no application.yml; allowed: at its top or in "
                        + Objects.requireNonNull(PLACES[1].getParent()));
            } catch (ConfigException | IOException | RuntimeException e) {
                Durable.deleteTree(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new ConfigException(zip + ": " + FileTrouble.sentence(e), e);
        }
    }
}
