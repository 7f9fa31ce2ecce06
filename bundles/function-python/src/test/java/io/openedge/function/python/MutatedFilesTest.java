package io.openedge.function.python;

import io.openedge.config.MutatedFiles;
import java.nio.file.Path;

/** Configurations of a Python runtime that are cut or changed are read, or refused with file and line. */
public class MutatedFilesTest extends MutatedFiles {
    public MutatedFilesTest() {
        super(".*/function-sayhi-conf/service\\.yml");
    }

    @Override
    protected Class<? extends Record> recordOf(Path file) {
        return PythonConfig.class;
    }
}
