package io.openedge.config;

import io.openedge.app.AppConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Files of every kind that are cut or changed are read, or refused with file and line. */
public class MutatedFilesTest extends MutatedFiles {
    public MutatedFilesTest() {
        super(".*\\.yml");
    }

    record Free(Map<String, Object> hub, List<String> listen, Object functions, Object rules) {}

    @Override
    protected Class<? extends Record> recordOf(Path file) {
        return switch (file.getFileName().toString()) {
            case "application.yml" -> AppConfig.class;
            case "openedge.yml" -> GatewayConfig.class;
            default -> Free.class;
        };
    }
}
