package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** A gateway of the distribution that takes only what was signed: the example, signed, packed and brought as one archive. */
public class TrustIT {
    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Test
    public void onlyWhatWasSignedComesIn() throws Exception {
        Path key = gateway.work().resolve("ops.key");
        Path zip = gateway.work().resolve("v2.zip");
        gateway.command("sign", "--make-key", key.toString()).expect(0);
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"), text -> text + "\ntrust: {keys: [ops.key.pub]}\n");
        Path next = next();
        gateway.start().expect(0);

        assertThat(update(next.toString()).expect(1).err()).contains("openedge.manifest: is not there");
        assertThat(update(next.toString(), "--dry-run").expect(1).err()).contains("openedge.manifest: is not there");
        assertThat(rest(next)).isEqualTo("403");

        sign(key, next, "--number", "7", "--zip", zip.toString());
        assertThat(update(zip.toString()).expect(0).out()).isEqualTo("application v2 runs\n");
        assertThat(update().expect(0).out()).isEqualTo("application v2 runs\n");
        assertThat(rest(next)).isEqualTo("200");

        sign(key, next, "--number", "6");
        assertThat(update(next.toString()).expect(1).err()).contains("number 6 and is older");
        gateway.stop().expect(0);
        gateway.start().expect(0);
        assertThat(update(next.toString()).expect(1).err()).contains("number 6 and is older");
        Path code = gateway.db("function-sayhi-code");
        Files.writeString(code.resolve("evil.py"), "import os\n");
        assertThat(update().expect(1).err()).contains("evil.py is not in the manifest");
        assertThat(gateway.inspect().path("software").path("conf_version").asText())
                .isEqualTo("v2");
    }

    /** The example as its author has it: application.yml at the top, volumes at their paths, no data. */
    private Path next() throws IOException {
        Path next = gateway.work().resolve("next");
        Path db = gateway.db(".").normalize();
        try (Stream<Path> files = Files.walk(db)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = next.resolve(gateway.work().relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path application = next.resolve("application.yml");
        Files.move(next.resolve("var/db/openedge/application.yml"), application);
        gateway.edit(application, text -> text.replaceFirst("version: .*", "version: v2"));
        return next;
    }

    private void sign(Path key, Path folder, String... options) throws Exception {
        String[] words = Stream.of(
                        Stream.of("sign", "--key", key.toString()), Stream.of(options), Stream.of(folder.toString()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        gateway.command(words).expect(0);
    }

    private Outcome update(String... words) throws Exception {
        return gateway.command(
                Stream.concat(Stream.of("update", "-w", gateway.work().toString()), Stream.of(words))
                        .toArray(String[]::new));
    }

    /** The status of the call that an agent makes. */
    private String rest(Path path) throws Exception {
        List<String> line = List.of(
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--unix-socket",
                gateway.work().resolve("var/run/openedge/operator.sock").toString(),
                "-X",
                "PUT",
                "-d",
                "{\"path\":\"" + path + "\"}",
                "http://gateway/v1/system/update");
        return Outcome.of(new ProcessBuilder(line), gateway.work()).expect(0).out();
    }
}
