package io.openedge.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of its own for a folder, whose power can be cut: what was not synced is lost. Needs root and loop devices. */
final class LostDisk implements AutoCloseable {
    private static final String SIZE = "256M";

    private final Path scratch;
    private Path image;
    private int restarts;
    private final Path folder;

    /** @param scratch where the disk's image is kept */
    LostDisk(Path scratch) throws IOException, InterruptedException {
        this.scratch = scratch;
        image = scratch.resolve("disk");
        folder = Files.createDirectory(scratch.resolve("mounted"));
        run("truncate", "-s", SIZE, image.toString()).expect(0);
        run("mkfs.ext4", "-q", "-F", image.toString()).expect(0);
        mount().expect(0);
    }

    /** Why there can be none here; empty when there can. */
    static String hindrance(Path scratch) throws IOException, InterruptedException {
        Path probe = Files.createDirectory(scratch.resolve("probe"));
        try (LostDisk disk = new LostDisk(probe)) {
            Outcome cut = disk.shutDown();
            return cut.code() == 0 ? "" : cut.err();
        } catch (AssertionError | IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    Path folder() {
        return folder;
    }

    private Outcome mount() throws IOException, InterruptedException {
        return run("mount", "-o", "loop", image.toString(), folder.toString());
    }

    private Outcome shutDown() throws IOException, InterruptedException {
        Path script = Distribution.project().resolve("integration-tests/src/test/resources/clients/cut_power.py");
        return run("/usr/bin/python3", script.toString(), folder.toString());
    }

    /** What is in the folder now stays. */
    void settle() throws IOException, InterruptedException {
        run("sync", "-f", folder.toString()).expect(0);
    }

    /** From now on nothing gets onto the disk. */
    void cut() throws IOException, InterruptedException {
        shutDown().expect(0);
    }

    /**
     * The machine starts again: nobody may use the folder any more. It starts with a copy of the disk: the file system
     * that was cut off lives on while somebody else's mount namespace, such as a container's, still has it.
     */
    void back() throws IOException, InterruptedException {
        Path copy = scratch.resolve("disk" + ++restarts);
        run("dd", "if=" + image, "of=" + copy, "bs=1M", "conv=sparse").expect(0); // reads what looks like holes, too
        run("umount", "-l", folder.toString()).expect(0);
        Files.delete(image);
        image = copy;
        mount().expect(0);
    }

    private Outcome run(String... command) throws IOException, InterruptedException {
        return Outcome.of(new ProcessBuilder(command), scratch);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "-l", folder.toString()); // the image stays for who wants to see it
    }
}
