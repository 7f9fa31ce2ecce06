package io.openedge.agent;

import io.openedge.app.ConfigException;
import io.openedge.app.VolumeSpec;
import io.openedge.archive.ArchiveException;
import io.openedge.archive.Digest;
import io.openedge.archive.DiskBudget;
import io.openedge.archive.Download;
import io.openedge.archive.Downloads;
import io.openedge.archive.Durable;
import io.openedge.archive.Patience;
import io.openedge.archive.UnpackLimits;
import io.openedge.archive.Unpacker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Brings volumes into their places: downloaded, verified, unpacked beside, moved as a whole. A folder with content that the
 * running application names is never touched.
 *
 * <p>Thread rule: one thread.
 */
final class Volumes {
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    private final Places places;
    private final Memory memory;
    private final Cloud cloud;
    private final Unpacker unpacker;
    private final long most;
    private final DiskBudget disk;
    private final Logger log;

    Volumes(Places places, Memory memory, Cloud cloud, AgentConfig.Limits limits, Logger log) {
        this.places = places;
        this.memory = memory;
        this.cloud = cloud;
        this.disk = new DiskBudget(limits.reserve().bytes());
        this.unpacker = new Unpacker(
                new UnpackLimits(limits.entries(), limits.unpacked().bytes(), 100, disk));
        this.most = limits.download().bytes();
        this.log = log;
    }

    /**
     * Sees to it that a volume is there.
     *
     * @return its folder
     * @throws ArchiveException when the archive is refused
     * @throws RefusedException when the place is
     * @throws IOException when the disk has no room, or it is not wanted any more
     */
    Path bring(VolumeSpec volume, Patience patience)
            throws IOException, RefusedException, ConfigException, InterruptedException {
        VolumeFolder folder = VolumeFolder.of(volume.path());
        Digest digest = digest(volume.meta());
        Path place = places.of(folder);
        Path archive = place.resolve(volume.name() + ".zip");
        boolean there = Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS) && digest.matches(archive);
        if (there && isComplete(folder, digest, archive, place)) {
            return place;
        }
        requireFree(volume, folder, place, archive);
        Path staged = places.staging().resolve(digest.hex());
        Durable.folders(staged);
        Path content = unpack(volume, download(volume, digest, staged, patience), staged);
        requireFree(volume, folder, place, archive); // it may have been filled, or taken into use, meanwhile
        replace(content, place, staged);
        memory.unpacked(folder, digest.toString());
        log.info("volume {} is there: {}", volume.name(), folder.onHost());
        return place;
    }

    private static Digest digest(VolumeSpec.Meta meta) throws ArchiveException, RefusedException {
        if (!meta.sha256().isEmpty()) {
            return Digest.sha256(meta.sha256());
        }
        if (!meta.md5().isEmpty()) {
            return Digest.md5(meta.md5());
        }
        throw new RefusedException("meta: has no digest; allowed: sha256, or md5 of older clouds");
    }

    private boolean isComplete(VolumeFolder folder, Digest digest, Path archive, Path place) throws IOException {
        String known = memory.state().unpacked().getOrDefault(folder.relative().toString(), "");
        if (known.equals(digest.toString())) {
            return true;
        }
        if (unpacker.isUnpacked(archive, place)) {
            memory.unpacked(folder, digest.toString());
            return true;
        }
        return false;
    }

    private void requireFree(VolumeSpec volume, VolumeFolder folder, Path place, Path archive)
            throws IOException, RefusedException, ConfigException {
        if (isAbsentOrEmpty(place)) {
            return;
        }
        if (places.inUse().stream().anyMatch(folder::meets)) {
            throw new RefusedException("path: '" + volume.path() + "' is used by the running application with other"
                    + " content; allowed: a folder of its own for each version");
        }
        boolean ours = memory.state().unpacked().containsKey(folder.relative().toString());
        if (!ours && !Files.exists(archive, LinkOption.NOFOLLOW_LINKS)) {
            throw new RefusedException("path: '" + volume.path() + "' holds something that is not of a cloud; allowed:"
                    + " a folder that is empty, or not there");
        }
    }

    private static boolean isAbsentOrEmpty(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var entries = Files.list(place)) {
            return entries.findAny().isEmpty();
        }
    }

    private Path download(VolumeSpec volume, Digest digest, Path staged, Patience patience)
            throws IOException, RefusedException, InterruptedException {
        Path file = staged.resolve("archive.zip");
        Path moved = staged.resolve("content").resolve(volume.name() + ".zip");
        if (!Files.exists(file) && Files.exists(moved) && digest.matches(moved)) {
            Files.move(moved, file, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Files.exists(file) || !digest.matches(file)) {
            URI url = cloud.resolve(volume.meta().url());
            Map<String, String> headers = cloud.credentials(url);
            Downloads downloads = new Downloads(cloud.downloads(url), LONGEST_DELAY);
            long bytes = downloads.fetch(new Download(url, headers, digest, most, disk, file), patience);
            log.info("volume {}: {} bytes came in", volume.name(), bytes);
        }
        return file;
    }

    private Path unpack(VolumeSpec volume, Path file, Path staged) throws IOException {
        Path content = staged.resolve("content");
        Durable.deleteTree(content);
        unpacker.unpack(file, content);
        Path kept = content.resolve(volume.name() + ".zip");
        if (Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
            throw new ArchiveException("the archive holds " + kept.getFileName() + ", which is its own name here;"
                    + " allowed: any other name");
        }
        Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
        return content;
    }

    private void replace(Path content, Path place, Path staged) throws IOException {
        Durable.folders(place.getParent());
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            Path old = staged.resolve("old");
            Durable.deleteTree(old);
            Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Durable.place(content, place);
    }

    /** Throws away what is not of use any more; what cannot go stays until the next time. */
    void clearStaging() {
        try {
            Durable.deleteTree(places.staging());
        } catch (IOException e) {
            log.warn("what is left of archives stays: {}", e.getMessage());
        }
    }
}
