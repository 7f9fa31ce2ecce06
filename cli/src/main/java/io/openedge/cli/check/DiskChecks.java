package io.openedge.cli.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Space on the disks that hold the work directory. Stateless. */
final class DiskChecks {
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST = 16 * MEGABYTE;
    private static final long COMFORTABLE = 256 * MEGABYTE;
    private static final long LEAST_FILES = 200;
    private static final long COMFORTABLE_FILES = 5000;

    private DiskChecks() {}

    static void space(Subject subject, Report report) throws IOException, InterruptedException {
        Map<FileStore, Path> disks = new LinkedHashMap<>();
        for (String folder : List.of("", "var/db/openedge", "var/log/openedge", "var/cache", "var/run/openedge")) {
            Path path = subject.workDirectory().resolve(folder);
            if (Files.exists(path)) {
                disks.putIfAbsent(Files.getFileStore(path), path);
            }
        }
        for (Map.Entry<FileStore, Path> disk : disks.entrySet()) {
            judge(disk.getValue(), disk.getKey().getUsableSpace(), inodes(disk.getValue()), report);
        }
    }

    /** @param files that can still be made; negative: the file system does not say */
    static void judge(Path folder, long bytes, long files, Report report) {
        String found =
                folder + ": " + bytes / MEGABYTE + " MB" + (files < 0 ? "" : " and " + files + " inodes") + " are free";
        String advice = "remove what is not needed, such as old files in var/log; a gateway wants ";
        if (bytes < LEAST || files >= 0 && files < LEAST_FILES) {
            report.fail("disk", found, advice + LEAST / MEGABYTE + " MB and " + LEAST_FILES + " inodes at least");
        } else if (bytes < COMFORTABLE || files >= 0 && files < COMFORTABLE_FILES) {
            report.warn("disk", found, advice + COMFORTABLE / MEGABYTE + " MB and " + COMFORTABLE_FILES + " inodes");
        } else {
            report.ok("disk", found);
        }
    }

    /** Only the system's own command tells; without it, or on a file system that has no fixed number, nobody does. */
    private static long inodes(Path folder) throws InterruptedException {
        try {
            Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stat.waitFor() == 0 && said.matches("[1-9]\\d{0,17} \\d{1,18}")) {
                return Long.parseLong(said.substring(said.indexOf(' ') + 1));
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
