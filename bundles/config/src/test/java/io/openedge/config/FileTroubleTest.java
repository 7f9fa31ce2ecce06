package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the file system refuses, as an operator reads it. */
public class FileTroubleTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void sentences() throws Exception {
        Path file = folder.newFile("log").toPath();
        assertThat(FileTrouble.sentence(new FileSystemException("/x/y", null, "No space left on device")))
                .isEqualTo("/x/y: the disk is full (No space left on device); remove what is not needed");
        assertThat(FileTrouble.sentence(Path.of("/x/y"), new IOException("No space left on device")))
                .startsWith("/x/y: the disk is full");
        assertThat(FileTrouble.sentence(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x: Read-only file system");
        assertThat(FileTrouble.sentence(new AccessDeniedException(file + "/below/it")))
                .startsWith(file + ": user ")
                .contains("may not write to it");
        assertThat(FileTrouble.sentence(new IOException("plain"))).isEqualTo("plain");
        try {
            Files.createDirectories(file.resolve("below"));
        } catch (IOException e) {
            assertThat(FileTrouble.sentence(e)).contains(file.toString()).doesNotContain("Exception");
        }
        assertThat(FileTrouble.owner(file)).isEqualTo(FileTrouble.user());
        assertThat(FileTrouble.writing(file.resolveSibling("not/there"))).isEmpty();
    }

    @Test
    public void contentOfWhichNothingIsKnown() throws Exception {
        Path file = folder.newFile("service.yml").toPath();
        Files.writeString(file, "python: /x\nlisten: [a, 'b']\nempty:\n");
        assertThat(ConfigReader.content(file)).isEqualTo(Map.of("python", "/x", "listen", List.of("a", "b")));
        Files.writeString(file, "");
        assertThat(ConfigReader.content(file)).isEmpty();
        Files.writeString(file, "- a\n");
        assertThatThrownBy(() -> ConfigReader.content(file))
                .hasMessageContaining("service.yml:1: '[…]' is not allowed here; allowed: a mapping");
    }
}
