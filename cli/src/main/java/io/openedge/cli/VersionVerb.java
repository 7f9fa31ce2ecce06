package io.openedge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prints the version of the installation. */
final class VersionVerb implements Verb {
    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, UsageException {
        arguments.refuseOperands();
        console.say("openedge " + version() + ", java " + System.getProperty("java.version"));
        return OK;
    }

    static String version() throws IOException {
        try (InputStream text = VersionVerb.class.getResourceAsStream("version.txt")) {
            return text == null ? "unknown" : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
