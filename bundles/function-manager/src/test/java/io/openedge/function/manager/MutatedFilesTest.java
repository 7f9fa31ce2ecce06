package io.openedge.function.manager;

import io.openedge.config.MutatedFiles;
import java.nio.file.Path;

/** Configurations of the function manager that are cut or changed are read, or refused with file and line. */
public class MutatedFilesTest extends MutatedFiles {
    public MutatedFilesTest() {
        super(".*/function-manager-conf/service\\.yml");
    }

    @Override
    protected Class<? extends Record> recordOf(Path file) {
        return ManagerConfig.class;
    }
}
