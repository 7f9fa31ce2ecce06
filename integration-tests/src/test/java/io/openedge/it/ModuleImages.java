package io.openedge.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;

/**
 * The images of the distribution's modules, made once; they stay. Their Python 3 is a Debian's that debootstrap makes, their
 * Python 2.7 this machine's.
 */
final class ModuleImages extends ExternalResource {
    private static final String TAG = ":latest";

    @Override
    protected void before() throws IOException, InterruptedException {
        run(
                "bash",
                Distribution.project().resolve("distribution/docker/local.sh").toString(),
                "--debootstrap",
                Distribution.zip().toString());
    }

    /** Gives the image of a module another name, as a registry would. */
    static void name(String module, String other) throws IOException, InterruptedException {
        docker("tag", module + TAG, other);
    }

    /** The containers of that gateway, whether they run or not: its API's socket is bound into each. */
    static List<String> containersOf(Gateway gateway) throws IOException, InterruptedException {
        String socket = "volume=" + gateway.work().resolve("var/run/openedge/openedge.sock");
        String all = docker("ps", "-aq", "--no-trunc", "--filter", socket);
        return Stream.of(all.split("\\s+")).filter(id -> !id.isEmpty()).toList();
    }

    static String docker(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("docker"));
        line.addAll(List.of(words));
        return run(line.toArray(String[]::new));
    }

    static String run(String... line) throws IOException, InterruptedException {
        return Outcome.of(new ProcessBuilder(line), Path.of(System.getProperty("java.io.tmpdir")))
                .expect(0)
                .out()
                .strip();
    }
}
