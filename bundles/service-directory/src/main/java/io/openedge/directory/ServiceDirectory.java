package io.openedge.directory;

import io.openedge.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one service: made new, shared by its instances, removed when the service stops. Its mounts are links.
 * Thread rule: one thread at a time.
 */
public final class ServiceDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceDirectory.class);
    private static final List<String> ALWAYS = List.of("etc/openedge", "var/db/openedge", "var/log/openedge");

    private final Path path;
    private final List<Mount> mounts;
    private final OwnTree tree;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Deque<NestedLinks.Lease> nested = new ArrayDeque<>(); // last first

    private ServiceDirectory(Path path, List<Mount> mounts, OwnTree tree, Runnable whenClosed) {
        this.path = path;
        this.mounts = mounts;
        this.tree = tree;
        this.whenClosed = whenClosed;
    }

    /**
     * @param services the folder of all services' directories
     * @param mounts outer ones first
     * @param whenClosed called once, when it is removed
     * @throws EngineException when the directory or a mount cannot be made; nothing is left then
     */
    static ServiceDirectory make(
            Path services, String service, List<Mount> mounts, NestedLinks links, OwnTree tree, Runnable whenClosed)
            throws EngineException {
        Path path = fresh(services, service, tree);
        ServiceDirectory directory = new ServiceDirectory(path, mounts, tree, whenClosed);
        try {
            for (Mount mount : mounts) {
                directory.link(service, mount, links);
            }
            directory.fill();
            return directory;
        } catch (EngineException e) {
            directory.remove();
            throw e;
        } catch (IOException e) {
            directory.remove();
            throw new EngineException("service '" + service + "': its directory cannot be filled: " + e, e);
        }
    }

    private static Path fresh(Path services, String service, OwnTree tree) throws EngineException {
        try {
            if (!Files.isDirectory(services)) {
                Files.createDirectories(services);
            }
            Path path = services.toRealPath().resolve(service);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                LOG.info("service {}: removing the directory that an earlier run left behind", service);
                tree.delete(path);
            }
            return Files.createDirectory(path);
        } catch (IOException e) {
            throw new EngineException("service '" + service + "': its directory cannot be made: " + e, e);
        }
    }

    private void link(String service, Mount mount, NestedLinks links) throws EngineException {
        try {
            Optional<Mount> outer = mount.outer(mounts);
            if (outer.isPresent()) {
                Path volume = outer.get().target();
                Path inside = volume.resolve(outer.get().path().relativize(mount.path()));
                nested.push(links.acquire(volume, inside, mount.target()));
            } else {
                Path link = path.resolve(mount.path());
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(link, mount.target());
            }
        } catch (IOException e) {
            throw new EngineException(
                    "service '" + service + "': the volume '" + mount.name() + "' cannot be mounted at '" + mount.path()
                            + "': " + e,
                    e);
        }
    }

    private void fill() throws IOException {
        for (String folder : ALWAYS) {
            if (mounts.stream().noneMatch(mount -> Path.of(folder).startsWith(mount.path()))) {
                Files.createDirectories(path.resolve(folder));
            }
        }
    }

    /** Absolute, links resolved. */
    public Path path() {
        return path;
    }

    /** Outer ones first. */
    public List<Mount> mounts() {
        return mounts;
    }

    /** The folders of volumes that are this service's alone, and whether it may not write to them. */
    public Map<Path, Boolean> alone() {
        return mounts.stream()
                .filter(Mount::alone)
                .collect(Collectors.toMap(Mount::target, Mount::readOnly, Boolean::logicalAnd));
    }

    /** Removes links and directory; what has to stay is said in the log. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            remove();
            whenClosed.run();
        }
    }

    private void remove() {
        List<IOException> failures = new ArrayList<>();
        while (!nested.isEmpty()) {
            try {
                nested.pop().release();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        try {
            tree.delete(path);
        } catch (IOException e) {
            failures.add(e);
        }
        failures.forEach(e -> LOG.warn("the directory {} is not wholly removed: {}", path, e.toString()));
    }
}
