package io.openedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.hub.store.Picture.Retained;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A picture is written while the state goes on. */
public class PictureTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void what_changes_after_the_picture_is_not_in_it() throws IOException {
        State state = new State();
        state.opened(7, "client", "test");
        state.waits(7, 5);
        state.retain("changed", 11, false);
        state.retain("forgotten, ü", 12, false);
        Picture picture = state.picture();

        state.forget("forgotten, ü");
        state.retain("changed", 21, false);
        state.retain("new", 22, false);
        state.removed(7);
        Path file = folder.getRoot().toPath().resolve("picture");
        Snapshot.write(Disk.real(), file, Snapshot.of(picture));

        State read = Snapshot.read(file);
        assertThat(read.retained())
                .containsExactlyInAnyOrder(new Retained("changed", 11), new Retained("forgotten, ü", 12));
        assertThat(read.waiting()).isEqualTo(1);
        assertThat(read.sessions()).extracting(KeptSession::clientId).containsExactly("client");
        assertThat(state.retained()).containsExactlyInAnyOrder(new Retained("changed", 21), new Retained("new", 22));
    }
}
