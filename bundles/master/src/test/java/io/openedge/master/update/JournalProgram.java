package io.openedge.master.update;

import io.openedge.config.Applications;
import io.openedge.master.update.Journal.Entry;
import io.openedge.master.update.Journal.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Does to the files of an application, on one thread, what an update does, and leaves its outcome beside them. */
final class JournalProgram {
    private JournalProgram() {}

    /** @param arguments application.yml, which holds V1 or V2; whether the update ends well */
    public static void main(String[] arguments) throws IOException {
        Path application = Path.of(arguments[0]);
        boolean good = Boolean.parseBoolean(arguments[1]);
        HostDisk disk = new HostDisk();
        ApplicationFiles files = new ApplicationFiles(disk, application);
        Journal journal = Journal.beside(disk, application);
        byte[] old = Files.readAllBytes(application);
        Entry entry = new Entry(Phase.CHANGING, "V1", "V2", "next", "digest", 0, "", List.of(), List.of());
        Files.writeString(application.resolveSibling("begun"), "");
        String outcome = update(files, journal, entry, old, good);
        Files.writeString(application.resolveSibling("outcome"), outcome);
    }

    private static String update(ApplicationFiles files, Journal journal, Entry entry, byte[] old, boolean good) {
        try {
            journal.write(entry);
            files.begin(old, Files.readAllBytes(files.file().resolveSibling("next.yml")));
        } catch (IOException e) {
            return "V1";
        }
        try {
            journal.write(entry.in(Phase.WATCHING));
            if (good) {
                files.commit();
                note(journal, entry.in(Phase.COMMITTED));
                return "V2";
            }
        } catch (IOException notYet) {
            good = false;
        }
        note(journal, entry.failed(Phase.ROLLING_BACK, "it fell over"));
        try {
            files.putBack();
            note(journal, entry.failed(Phase.ROLLED_BACK, "it fell over"));
            return "V1";
        } catch (IOException later) {
            return "V1 at the next start";
        }
    }

    private static void note(Journal journal, Entry entry) {
        try {
            journal.write(entry);
        } catch (IOException e) {
            return; // which application runs is decided without it
        }
    }

    /** The version that application.yml says. */
    static String version(Path application) throws Exception {
        return Applications.read(application, warning -> {}).version();
    }
}
