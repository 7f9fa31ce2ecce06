package io.openedge.master.update;

import io.openedge.app.AppConfig;
import io.openedge.app.VolumeSpec;
import io.openedge.archive.Durable;
import io.openedge.config.Applications;
import io.openedge.config.FileTrouble;
import io.openedge.config.Problem;
import io.openedge.config.trust.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application with the volumes that come with it: none from a file or a folder, whose volumes are in their places, all
 * that are in it from an archive. One thread.
 *
 * @param workDirectory where volumes have their places
 * @param file application.yml
 * @param name of that file, for errors and warnings
 * @param manifest beside it; need not exist
 * @param unpacked the archive's content; removed at the end
 */
record ApplicationSet(Path workDirectory, Path file, String name, Path manifest, Optional<Path> unpacked)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationSet.class);
    private static final Path GATEWAY = Path.of("var/db/openedge");
    /** How the names of the gateway's own files there begin. */
    private static final String GATEWAYS = "application.";

    /** The content that comes, by volume: of those whose place does not have it yet. */
    Map<String, Path> coming(AppConfig application) {
        Map<String, Path> coming = new HashMap<>();
        for (VolumeSpec volume : application.volumes()) {
            coming(volume).ifPresent(content -> coming.put(volume.name(), content));
        }
        return coming;
    }

    private Optional<Path> coming(VolumeSpec volume) {
        Path place = place(volume);
        return content(volume).filter(content -> isEmpty(place) && !(Files.isDirectory(place) && isEmpty(content)));
    }

    /** Where that is now what a volume will hold when all is in its place. */
    Path expected(VolumeSpec volume) {
        return coming(volume).orElseGet(() -> place(volume));
    }

    /** Where the content of a volume is now. */
    Path folder(VolumeSpec volume) {
        return content(volume).orElseGet(() -> place(volume));
    }

    /** A volume that is there stays as it is: other content of it may be in use. The gateway's files have their places. */
    List<Problem> problems(AppConfig application) {
        List<Problem> problems = new ArrayList<>();
        for (int v = 0; v < application.volumes().size(); v++) {
            VolumeSpec volume = application.volumes().get(v);
            Optional<Path> content = content(volume);
            String key = "volumes[" + v + "].path";
            if (content.isPresent() && isGateways(place(volume))) {
                problems.add(new Problem(
                        key,
                        volume.path()
                                + " is a place of the gateway's own files; allowed in an archive: any other, below "
                                + GATEWAY + " folders that do not begin with " + GATEWAYS));
            } else if (content.isPresent() && !isEmpty(place(volume)) && !isSame(content.get(), place(volume))) {
                problems.add(new Problem(
                        key,
                        volume.path()
                                + " is there already with other content than in the archive; allowed: a path of its"
                                + " own for each content"));
            }
        }
        return problems;
    }

    /**
     * Moves the content that comes to its places; each is there whole or not at all. The outer of two volumes goes first, and
     * takes the inner with it.
     *
     * @throws IOException names the place; what is there already stays, and is taken as it is the next time
     */
    void place(AppConfig application) throws IOException {
        Map<Path, Path> coming =
                new TreeMap<>(Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()));
        application
                .volumes()
                .forEach(volume -> coming(volume).ifPresent(content -> coming.put(place(volume), content)));
        for (Map.Entry<Path, Path> one : coming.entrySet()) {
            Path place = one.getKey();
            Path content = one.getValue();
            if (Files.isDirectory(content)) {
                Durable.folders(Objects.requireNonNull(place.getParent()));
                Files.deleteIfExists(place); // an empty folder
                Durable.place(content, place);
            }
        }
    }

    private Optional<Path> content(VolumeSpec volume) {
        return unpacked.map(root -> Applications.join(root, volume.path()).normalize())
                .filter(Files::isDirectory);
    }

    private Path place(VolumeSpec volume) {
        return Applications.join(workDirectory, volume.path()).normalize();
    }

    private boolean isGateways(Path place) {
        Path gateway = workDirectory.resolve(GATEWAY);
        return gateway.startsWith(place)
                || place.startsWith(gateway)
                        && gateway.relativize(place).getName(0).toString().startsWith(GATEWAYS);
    }

    private static boolean isEmpty(Path folder) {
        if (!Files.isDirectory(folder)) {
            return !Files.exists(folder);
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return VolumeFiles.of(one).equals(VolumeFiles.of(other));
        } catch (IOException e) {
            LOG.warn("{}", FileTrouble.sentence(e));
            return false;
        }
    }

    @Override
    public void close() {
        unpacked.ifPresent(folder -> {
            try {
                Durable.deleteTree(folder);
            } catch (IOException e) {
                LOG.warn("what is left of an archive stays: {}", FileTrouble.sentence(e));
            }
        });
    }
}
