package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.config.Pem;
import io.openedge.config.trust.Manifest;
import io.openedge.config.trust.SignedManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipFile;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Keys and signed folders. */
public class SignVerbTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path set;
    private Path key;

    @Before
    public void write() throws Exception {
        set = folder.newFolder("set").toPath();
        key = folder.getRoot().toPath().resolve("ops.key");
        Files.writeString(set.resolve("application.yml"), """
                version: V1
                services: [{name: a, image: a, mounts: [{name: code, path: lib/openedge/a}]}]
                volumes: [{name: code, path: var/db/openedge/a}]
                """);
        Path program = set.resolve("var/db/openedge/a/bin/run");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    public void aKeyIsMadeOnceAndSigns() throws Exception {
        assertThat(Run.of("sign", "--make-key", key.toString()).code()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Run.of("sign", "--make-key", key.toString()).err()).contains("is there already");

        Run first = Run.of("sign", "--key", key.toString(), "--number", "4", set.toString());
        assertThat(first.out()).startsWith("signed number 4, version 'V1', until ");
        Path zip = folder.getRoot().toPath().resolve("app.zip");
        assertThat(Run.of("sign", "--key", key.toString(), "--zip", zip.toString(), set.toString())
                        .code())
                .isZero();

        Manifest manifest = SignedManifest.read(set.resolve(Manifest.FILE), Pem.publicKeys(Path.of(key + ".pub")))
                .manifest();
        assertThat(manifest.number()).isEqualTo(5);
        assertThat(manifest.volumes().get(0).files()).containsOnlyKeys("bin/run");
        try (ZipFile packed = new ZipFile(zip.toFile())) {
            assertThat(packed.stream().filter(entry -> !entry.isDirectory()).map(entry -> entry.getName()))
                    .containsExactlyInAnyOrder("application.yml", Manifest.FILE, "var/db/openedge/a/bin/run");
        }
    }

    @Test
    public void rsaSignsToo() throws Exception {
        Run.of("sign", "--make-key", key.toString(), "--rsa");
        assertThat(Run.of("sign", "--key", key.toString(), "--number", "1", set.toString())
                        .code())
                .isZero();
    }

    @Test
    public void whatIsMissingIsSaid() throws Exception {
        Run.of("sign", "--make-key", key.toString());
        assertThat(Run.of("sign", set.toString()).err()).contains("--key FILE is needed");
        assertThat(Run.of("sign", "--key", key.toString(), set.toString()).err())
                .contains("--number N is needed");
        assertThat(Run.of("sign", "--key", key.toString(), "--number", "0", set.toString())
                        .code())
                .isEqualTo(2);
        Files.move(set.resolve("var"), set.resolve("elsewhere"));
        assertThat(Run.of("sign", "--key", key.toString(), "--number", "1", set.toString())
                        .err())
                .contains("volume 'code' holds programs or settings");
        Files.delete(set.resolve("application.yml"));
        assertThat(Run.of("sign", "--key", key.toString(), "--number", "1", set.toString())
                        .err())
                .contains("holds no application.yml");
    }
}
