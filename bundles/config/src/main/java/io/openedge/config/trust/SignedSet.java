package io.openedge.config.trust;

import io.openedge.app.AppConfig;
import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.app.VolumeSpec;
import io.openedge.config.Applications;
import io.openedge.config.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An application with its volumes, as a manifest describes it: makes the description, and compares it with what is there.
 * Immutable.
 *
 * @param text of application.yml
 * @param application that it says
 * @param folder where a volume's content is; need not exist
 */
public record SignedSet(byte[] text, AppConfig application, Function<VolumeSpec, Path> folder) {
    private static final List<Path> SIGNED_PLACES = List.of(Path.of("lib/openedge"), Path.of("etc"));

    /**
     * Describes what is there. A volume whose folder is not there holds data of the run-time, and so does one that has nothing
     * but other volumes in its folder: an agent has them all in one.
     *
     * @throws UntrustedException when a volume that holds programs or settings is not there or cannot be read
     */
    public Manifest describe(long number, Instant created, Instant expires) throws UntrustedException {
        List<Manifest.Volume> volumes = new ArrayList<>();
        for (VolumeSpec volume : application.volumes()) {
            boolean signed = mustBeSigned(volume);
            boolean there = Files.isDirectory(folder.apply(volume)) && (signed || !holdsOnlyOthers(volume));
            if (!there && signed) {
                throw new UntrustedException("volume '" + volume.name()
                        + "' holds programs or settings of a service, and " + folder.apply(volume) + " is not there");
            }
            volumes.add(new Manifest.Volume(
                    volume.name(), volume.meta().version(), volume.path(), !there, there ? files(volume) : Map.of()));
        }
        return new Manifest(
                1,
                number,
                created.toString(),
                expires.toString(),
                new Manifest.Application(application.version(), VolumeFiles.sha256(text)),
                volumes);
    }

    /**
     * Compares with a manifest.
     *
     * @throws UntrustedException names all that is not as it says, a line each
     */
    public void require(Manifest manifest) throws UntrustedException {
        if (!manifest.application().sha256().equals(VolumeFiles.sha256(text))) {
            throw new UntrustedException("application.yml is not the one of its manifest (version '"
                    + manifest.application().version() + "', number " + manifest.number() + ")");
        }
        Map<String, Manifest.Volume> signed = new HashMap<>();
        manifest.volumes().forEach(volume -> signed.put(volume.name(), volume));
        List<String> wrong = new ArrayList<>();
        for (VolumeSpec volume : application.volumes()) {
            Manifest.Volume one = signed.remove(volume.name());
            if (one == null || !one.path().equals(volume.path())) {
                wrong.add("volume '" + volume.name() + "' is not in the manifest under the path " + volume.path());
            } else if (!one.data()) {
                compare(volume, one, wrong);
            } else if (mustBeSigned(volume)) {
                wrong.add("volume '" + volume.name() + "' holds programs or settings of a service, and the manifest"
                        + " leaves its content open");
            }
        }
        signed.keySet()
                .forEach(name -> wrong.add("the manifest has a volume '" + name + "' that the application lacks"));
        if (!wrong.isEmpty()) {
            throw new UntrustedException(String.join("\n", wrong));
        }
    }

    /** An agent keeps the archive in which a volume came beside its content. */
    private void compare(VolumeSpec volume, Manifest.Volume signed, List<String> wrong) throws UntrustedException {
        Map<String, String> there = files(volume);
        String archive = volume.name() + ".zip";
        String what = "volume '" + volume.name() + "': ";
        signed.files().forEach((path, content) -> {
            String found = there.remove(path);
            if (found == null) {
                wrong.add(what + path + " is missing");
            } else if (!found.equals(content)) {
                wrong.add(what + path + " was altered");
            }
        });
        there.keySet().stream()
                .filter(path -> !path.equals(archive))
                .forEach(path -> wrong.add(what + path + " is not in the manifest"));
    }

    /** What holds programs or settings, and what nobody may write to. */
    private boolean mustBeSigned(VolumeSpec volume) {
        List<MountSpec> mounts = application.services().stream()
                .map(ServiceSpec::mounts)
                .flatMap(List::stream)
                .filter(mount -> mount.name().equals(volume.name()))
                .toList();
        return mounts.stream().anyMatch(SignedSet::isSignedPlace)
                || !mounts.isEmpty() && mounts.stream().allMatch(MountSpec::readOnly);
    }

    private boolean holdsOnlyOthers(VolumeSpec volume) throws UntrustedException {
        Path place = folder.apply(volume).normalize();
        List<Path> others = application.volumes().stream()
                .map(other -> folder.apply(other).normalize())
                .filter(other -> other.startsWith(place) && !other.equals(place))
                .toList();
        return !others.isEmpty()
                && files(volume).keySet().stream()
                        .map(place::resolve)
                        .allMatch(file -> others.stream().anyMatch(file::startsWith));
    }

    private static boolean isSignedPlace(MountSpec mount) {
        Path place = Applications.join(Path.of(""), mount.path()).normalize();
        return SIGNED_PLACES.stream().anyMatch(signed -> place.startsWith(signed) || signed.startsWith(place));
    }

    private Map<String, String> files(VolumeSpec volume) throws UntrustedException {
        Path place = folder.apply(volume);
        try {
            return Files.isDirectory(place) ? VolumeFiles.of(place) : new HashMap<>();
        } catch (IOException e) {
            throw new UntrustedException("volume '" + volume.name() + "': " + FileTrouble.sentence(place, e), e);
        }
    }
}
