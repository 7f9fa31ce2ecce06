package io.openedge.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.openedge.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives volume folders that the gateway made to the user of the container, who could not write there otherwise: folders that
 * are empty and the gateway's own. Stateless; any thread.
 */
final class FolderOwners {
    private static final Logger LOG = LoggerFactory.getLogger(FolderOwners.class);
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?::(\\d{1,9}))?");
    private static final int HEADER = 512;
    private static final int LARGEST = 1 << 20;

    private final Daemon daemon;

    FolderOwners(Daemon daemon) {
        this.daemon = daemon;
    }

    /** @param id of a container that does not run yet */
    void settle(String id, Blueprint blueprint) throws EngineException {
        Path[] folders = blueprint.mounts().stream()
                .filter(mount -> !mount.readOnly())
                .map(MountPoint::source)
                .filter(FolderOwners::isFresh)
                .toArray(Path[]::new);
        if (folders.length == 0) {
            return;
        }
        Optional<Owner> owner = owner(id);
        if (owner.isEmpty() || owner.get().user() == Owner.ROOT) {
            return;
        }
        for (Path folder : folders) {
            give(folder, owner.get());
        }
    }

    private static boolean isFresh(Path folder) {
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty()
                    && Owner.of(folder).user() == Owner.ofGateway().user();
        } catch (IOException e) {
            LOG.debug("{} is left as it is", folder, e);
            return false;
        }
    }

    private static void give(Path folder, Owner owner) throws EngineException {
        try {
            Files.setAttribute(folder, "unix:gid", owner.group());
            Files.setAttribute(folder, "unix:uid", owner.user());
            LOG.info("{} is given to user {}, group {}", folder, owner.user(), owner.group());
        } catch (IOException e) {
            throw new EngineException(
                    folder + " cannot be given to user " + owner.user() + " of the container: " + e.getMessage(), e);
        }
    }

    /** The user of the container as numbers, which the image may know only by name. */
    private Optional<Owner> owner(String id) throws EngineException {
        String user = daemon.container(id)
                .map(InspectContainerResponse::getConfig)
                .map(config -> config.getUser())
                .orElse("");
        Matcher numbers = NUMBERS.matcher(user);
        if (numbers.matches()) {
            int uid = Integer.parseInt(numbers.group(1));
            return Optional.of(new Owner(uid, numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2))));
        }
        return user.isEmpty() ? Optional.empty() : named(id, user.replaceFirst(":.*", ""));
    }

    private Optional<Owner> named(String id, String user) throws EngineException {
        Optional<InputStream> archive = daemon.file(id, "/etc/passwd");
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream tar = archive.get()) {
            tar.skipNBytes(HEADER);
            String users = new String(tar.readNBytes(LARGEST), StandardCharsets.UTF_8);
            return users.lines()
                    .map(line -> line.split(":"))
                    .filter(parts -> parts.length > 3 && parts[0].equals(user))
                    .findFirst()
                    .map(parts -> new Owner(Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
        } catch (IOException | NumberFormatException e) {
            throw new EngineException("the user '" + user + "' of the image is not understood: " + e.getMessage(), e);
        }
    }
}
