package io.openedge.master.update;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * application.yml and application.yml.old. The rule that holds at every moment, also after a crash or a power cut: while
 * there is application.yml.old, the application is what that says; else it is what application.yml says. So an update has
 * one instant in which it is committed, the removal of the old file, and none in which there is no application. One owner's.
 */
final class ApplicationFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationFiles.class);

    /** Stands in for an application that there was not. */
    private static final byte[] NONE =
            "# no application ran before this update\nservices: []\n".getBytes(StandardCharsets.UTF_8);

    private final Disk disk;
    private final Path application;
    private final Path old;
    private final Path folder;

    ApplicationFiles(Disk disk, Path application) {
        this.disk = disk;
        this.application = application;
        this.old = application.resolveSibling(application.getFileName() + ".old");
        this.folder = Objects.requireNonNull(application.getParent());
    }

    /** application.yml. */
    Path file() {
        return application;
    }

    /**
     * Keeps the application that runs and puts the new one in its place, uncommitted.
     *
     * @param before what runs; empty: nothing
     * @throws IOException and nothing has changed
     */
    void begin(byte[] before, byte[] fresh) throws IOException {
        try {
            replace(old, before.length == 0 ? NONE : before);
            replace(application, fresh);
        } catch (IOException e) {
            try {
                putBack();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /**
     * From now on the new application is the one.
     *
     * @throws IOException and it is not
     */
    void commit() throws IOException {
        disk.delete(old);
        try {
            disk.sync(folder);
        } catch (IOException e) { // a power cut before the system gets to it would bring the old one back, whole
            LOG.error("the commit of the update may not be on the disk yet: {}", e.toString());
        }
    }

    /**
     * Puts the application from before the update in its place again; without effect when none is kept.
     *
     * @return whether there was one
     * @throws IOException and it is still kept
     */
    boolean putBack() throws IOException {
        if (!disk.exists(old)) {
            removeTemporary();
            return false;
        }
        if (Arrays.equals(disk.read(old), NONE)) {
            if (disk.exists(application)) {
                disk.delete(application);
                disk.sync(folder); // else a power cut might bring the new one back without the old
            }
            disk.delete(old);
        } else {
            disk.rename(old, application);
        }
        disk.sync(folder);
        removeTemporary();
        return true;
    }

    /**
     * What a start of the gateway does first: ends an update that was under way, as not committed. An old file that cannot
     * be used, as another gateway may have left it, does not replace an application that can.
     *
     * @return whether the application from before was put in its place
     */
    boolean recover(Predicate<byte[]> usable) throws IOException {
        if (disk.exists(old)
                && disk.exists(application)
                && !usable.test(disk.read(old))
                && usable.test(disk.read(application))) {
            commit();
            return false;
        }
        return putBack();
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        disk.write(temporary, content, application);
        disk.rename(temporary, file);
        disk.sync(folder);
    }

    private void removeTemporary() throws IOException {
        for (Path file : new Path[] {temporary(old), temporary(application)}) {
            if (disk.exists(file)) {
                disk.delete(file);
            }
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }
}
