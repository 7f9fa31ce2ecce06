package io.openedge.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Changes that are whole. */
public class DurableTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void aFileIsReplacedAsAWhole() throws IOException {
        Path file = path("state");
        Durable.write(file, new byte[] {1});
        Durable.write(file, new byte[] {2, 3});

        assertThat(file).hasBinaryContent(new byte[] {2, 3});
        assertThat(path("state.new")).doesNotExist();
    }

    @Test
    public void aFolderIsMovedToAPlaceWhereNothingIs() throws IOException {
        Durable.folders(path("a/b"));
        Files.writeString(path("a/b/f"), "x");

        Durable.place(path("a"), path("c"));

        assertThat(path("c/b/f")).hasContent("x");
        assertThat(path("a")).doesNotExist();
        Durable.folders(path("a"));
        assertThatThrownBy(() -> Durable.place(path("a"), path("c")))
                .hasMessageContaining("something is there already");
        assertThatThrownBy(() -> Durable.place(path("c"), path("a")))
                .hasMessageContaining("something is there already");
    }

    @Test
    public void aTreeIsRemovedAndLinksOfItLeadNowhere() throws IOException {
        Durable.folders(path("tree/deep"));
        Durable.folders(path("other"));
        Files.writeString(path("other/f"), "x");
        Files.createSymbolicLink(path("tree/deep/link"), path("other"));
        Files.createSymbolicLink(path("top"), path("other"));

        Durable.deleteTree(path("tree"));
        Durable.deleteTree(path("top"));
        Durable.deleteTree(path("nothing"));

        assertThat(path("tree")).doesNotExist();
        assertThat(path("top")).doesNotExist();
        assertThat(path("other/f")).hasContent("x");
    }

    private Path path(String name) {
        return temporary.getRoot().toPath().resolve(name);
    }
}
