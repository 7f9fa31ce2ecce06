package io.openedge.cli.check;

import io.openedge.app.ConfigException;
import io.openedge.config.FileTrouble;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rights on folders, the pid file, and where the API is served. Stateless. */
final class FolderChecks {
    private static final List<String> WRITTEN =
            List.of("var/db/openedge", "var/run/openedge", "var/log/openedge", "var/lib/openedge", "var/cache");
    private static final String UNIX = "unix://";

    private FolderChecks() {}

    static void workDirectory(Subject subject, Report report) throws IOException {
        Set<String> troubles = new LinkedHashSet<>();
        for (String folder : WRITTEN) {
            FileTrouble.writing(subject.workDirectory().resolve(folder)).ifPresent(troubles::add);
        }
        troubles.forEach(trouble -> report.fail("folders", trouble, ""));
        String owner = FileTrouble.owner(subject.workDirectory());
        if (troubles.isEmpty()) {
            if (FileTrouble.user().equals("root") && !owner.equals("root")) {
                report.warn(
                        "folders",
                        subject.workDirectory() + " belongs to user " + owner,
                        "a gateway that root starts leaves files there that " + owner + " cannot change");
            } else {
                report.ok("folders", subject.workDirectory() + " can be written to by user " + FileTrouble.user());
            }
        }
        Path folder = subject.conf().getParent();
        if (folder != null
                && Files.exists(folder)
                && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
            report.warn("folders", folder + " can be written to by everybody", "chmod o-w " + folder);
        }
    }

    static void gateway(Subject subject, Report report) throws IOException {
        if (subject.files().isEmpty()) {
            return;
        }
        if (subject.running().isPresent()) {
            report.ok("gateway", "it runs: process " + subject.running().getAsLong());
            return;
        }
        Path pidFile = subject.files().get().pidFile();
        Optional<String> trouble = FileTrouble.writing(pidFile);
        if (trouble.isPresent()) {
            report.fail("gateway", "no pid file can be made: " + trouble.get(), "pidfile: in openedge.yml moves it");
        } else if (!Files.exists(pidFile)) {
            report.ok("gateway", "it does not run");
        } else {
            left(pidFile, report);
        }
    }

    private static void left(Path pidFile, Report report) throws IOException {
        String text = Files.readString(pidFile).strip();
        Optional<ProcessHandle> process =
                text.matches("\\d{1,9}") ? ProcessHandle.of(Long.parseLong(text)) : Optional.empty();
        if (process.isEmpty()) {
            report.ok("gateway", "it does not run; " + pidFile + " was left by one that was killed");
            return;
        }
        String command =
                process.get().info().command().map(path -> " (" + path + ")").orElse("");
        report.warn(
                "gateway",
                pidFile + " names process " + text + command + ", which is not the gateway",
                "the next start replaces the file and leaves the process alone");
    }

    static void api(Subject subject, Report report) throws IOException {
        if (subject.files().isEmpty()) {
            return;
        }
        GatewayFiles files = subject.files().get();
        try {
            files.requireOwnFolders();
        } catch (ConfigException e) {
            report.fail("api", String.valueOf(e.getMessage()), "");
            return;
        }
        socket(files.operatorSocket(), report);
        if (!files.apiAddress().startsWith(UNIX)) {
            return; // a port, looked at with the others
        }
        Path socket = Path.of(files.apiAddress().substring(UNIX.length()));
        if (socket(socket, report)) {
            String wanted =
                    subject.config().map(GatewayConfig::server).orElseThrow().address();
            Path named = files.workDirectory()
                    .resolve(wanted.substring(UNIX.length()))
                    .normalize();
            if (named.equals(socket)) {
                report.ok("api", files.apiAddress());
            } else {
                report.warn("api", named + " is too long for a socket", "the API is served at " + socket);
            }
        }
    }

    private static boolean socket(Path socket, Report report) throws IOException {
        Optional<String> trouble = FileTrouble.writing(folder(socket));
        if (trouble.isPresent()) {
            report.fail("api", socket + " cannot be made: " + trouble.get(), "");
            return false;
        }
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)
                && !Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
            report.fail("api", socket + " is there and is no socket", "remove it");
            return false;
        }
        return true;
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
