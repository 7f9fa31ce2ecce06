package io.openedge.hub;

import io.openedge.config.MutatedFiles;
import java.nio.file.Path;

/** Configurations of the hub that are cut or changed are read, or refused with file and line. */
public class MutatedFilesTest extends MutatedFiles {
    public MutatedFilesTest() {
        super(".*/localhub-conf/service\\.yml");
    }

    @Override
    protected Class<? extends Record> recordOf(Path file) {
        return HubConfig.class;
    }
}
