package io.openedge.hub.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.NavigableSet;
import org.slf4j.Logger;

/** Finds the state that the files say: the newest picture, and the records after it. */
final class Recovery {
    private final Folder folder;
    private final Logger log;

    Recovery(Folder folder, Logger log) {
        this.folder = folder;
        this.log = log;
    }

    /** The state, with every segment that is there full. */
    State recover() throws IOException {
        NavigableSet<Integer> snapshots = folder.snapshots();
        NavigableSet<Integer> segments = folder.segments();
        State state = new State();
        int from = 0;
        for (int number : snapshots.descendingSet()) {
            try {
                state = Snapshot.read(folder.snapshot(number));
                from = number;
                break;
            } catch (IOException | RuntimeException e) {
                if (number == snapshots.first()) {
                    throw new IOException(
                            "the state in " + folder.snapshot(number) + " cannot be read (" + e.getMessage()
                                    + "), and there is no older one; to begin without what the hub had stored, move "
                                    + folder.path() + " away",
                            e);
                }
                log.error("storage: {} cannot be read; the one before is taken", folder.snapshot(number), e);
            }
        }
        for (int number : segments.tailSet(from)) {
            replay(number, state, snapshots.contains(number + 1));
        }
        return state;
    }

    /** @param sealed nothing but records is in a file before whose end a picture was begun */
    private void replay(int number, State state, boolean sealed) throws IOException {
        int refs = 0;
        try (Records records = new Records(folder.segment(number), number)) {
            while (records.next()) {
                Change change = records.change();
                change.apply(state);
                refs += change.refs();
            }
            long left = Files.size(folder.segment(number)) - records.offset();
            if (left > 0 && sealed) {
                log.error(
                        "storage: {} is damaged at byte {}: the last {} bytes are lost",
                        folder.segment(number),
                        records.offset(),
                        left);
            }
        } catch (RuntimeException e) {
            throw new IOException(folder.segment(number) + " is not of this version of the hub: " + e.getMessage(), e);
        }
        state.filled(number, refs);
    }
}
