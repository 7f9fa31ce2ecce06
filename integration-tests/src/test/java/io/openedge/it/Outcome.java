package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How a command ended: exit code, standard output, standard error. */
record Outcome(String command, int code, String out, String err) {

    /** Runs a command to its end; its limit is generous and passes only when something hangs. */
    static Outcome of(ProcessBuilder builder, Path scratch) throws IOException, InterruptedException {
        Path out = Files.createTempFile(scratch, "out", null);
        Path err = Files.createTempFile(scratch, "err", null);
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        String command = String.join(" ", builder.command());
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(command + " hangs; so far: " + Files.readString(out) + Files.readString(err));
        }
        Outcome outcome = new Outcome(command, process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }

    Outcome expect(int wanted) {
        assertThat(code).as("%s%n%s%n%s", command, out, err).isEqualTo(wanted);
        return this;
    }
}
