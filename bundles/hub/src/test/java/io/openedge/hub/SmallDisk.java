package io.openedge.hub;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/** A disk of the machine's memory that is soon full. Needs root: for others the test is passed over. */
final class SmallDisk extends ExternalResource {
    private final Path folder;

    SmallDisk() {
        try {
            folder = Files.createTempDirectory("small-disk");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    protected void before() {
        assumeTrue("root can mount a disk", mount("size=2m"));
    }

    /** There is more space. */
    void grow() {
        assumeTrue("a disk can grow", mount("remount,size=8m"));
    }

    private boolean mount(String options) {
        return run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    }

    private static boolean run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected void after() {
        run("umount", "-l", folder.toString());
        folder.toFile().delete();
    }
}
