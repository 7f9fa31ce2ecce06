package io.openedge.master.update;

import io.openedge.app.ConfigException;
import io.openedge.config.Applications;
import io.openedge.config.FileTrouble;
import io.openedge.master.update.Journal.Entry;
import io.openedge.master.update.Journal.Phase;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a start of the gateway does first with an update that a crash or a power cut ended. One use. */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final ApplicationFiles files;
    private final Journal journal;
    private final String mode;

    /**
     * @param application application.yml
     * @param mode the engine of services that name none
     */
    public Recovery(Path application, String mode) {
        this(new HostDisk(), application, mode);
    }

    Recovery(Disk disk, Path application, String mode) {
        this.files = new ApplicationFiles(disk, application);
        this.journal = Journal.beside(disk, application);
        this.mode = mode;
    }

    /**
     * Ends an update that was under way: the application from before it runs.
     *
     * @return what became of it, for the operator; empty: there was none
     */
    public String run() {
        Entry last = journal.read().orElse(Entry.NONE);
        try {
            if (files.recover(this::usable)) {
                return interrupted(last);
            }
            if (last.phase().underWay()) { // cut before the files were touched, or right after the commit
                LOG.info("an update was cut at its beginning or its end; application.yml is whole");
                journal.write(last.in(Phase.COMMITTED));
            }
            return "";
        } catch (IOException e) {
            String what = "an update was under way when the gateway ended, and its files cannot be put back: "
                    + FileTrouble.sentence(e);
            LOG.error("{}", what);
            return what;
        }
    }

    private String interrupted(Entry last) throws IOException {
        String what = "the update" + (last.to().isEmpty() ? "" : " to '" + last.to() + "'")
                + " was not committed when the gateway ended"
                + (last.phase() == Phase.WATCHING ? ", its services were being watched" : "")
                + (last.reason().isEmpty() ? "" : " (" + last.reason() + ")") + "; the application from before it runs"
                + (last.from().isEmpty() ? "" : ": '" + last.from() + "'");
        LOG.error("{}", what);
        journal.write(last.failed(Phase.ROLLED_BACK, "the gateway ended during the update"));
        return what;
    }

    private boolean usable(byte[] text) {
        try {
            Applications.draft(text, "application.yml", mode, warning -> {});
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }
}
