package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** What is said of a roll back, and what is kept for one. */
public class RollBackTest {
    private static final String MOUNTED = "    mounts: [{name: conf, path: etc/openedge}]\n"
            + "volumes: [{name: conf, path: var/db/openedge/conf}]\n";

    @Rule
    public final LiveUpdates live = new LiveUpdates();

    @Test
    public void whatWasChangedInPlaceIsNotBroughtBackAndThatIsSaid() throws Exception {
        LiveUpdates.write(live.application(), LiveUpdates.text("V1", "hub:1") + MOUNTED);
        LiveUpdates.write(live.db().resolve("conf/service.yml"), "a: 1\n");
        live.up();
        Path path = live.work().resolve("next/application.yml");
        LiveUpdates.write(path, LiveUpdates.text("V2", "hub:2") + MOUNTED);
        LiveUpdates.write(live.db().resolve("conf/service.yml"), "a: 2\n");
        live.engine.crashing.add("hub:2");

        UpdateResult result = live.update("next");

        String said = "the content of volume conf was changed in place and stays as it is now";
        assertThat(result.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(result.reason()).contains("instance 'hub' was restarted", "exit code 3", said);
        assertThat(live.updates.error()).contains("exit code 3", said);
        assertThat(live.db().resolve("conf/service.yml")).hasContent("a: 2\n");
        live.consistent();
    }

    @Test
    public void theServicesOfTheApplicationBeforeAreKnownAfterARestart() throws Exception {
        live.installed("V1", "hub:1", "old:1");
        live.up();
        assertThat(live.update(live.offer("V2", "hub:1", "new:1")).outcome()).isEqualTo(Outcome.COMMITTED);
        live.engine.crashing.add("hub:9");
        assertThat(live.update(live.offer("V3", "hub:9")).outcome()).isEqualTo(Outcome.ROLLED_BACK);

        live.down();
        live.up();
        live.updates.retain();

        assertThat(live.engine.retained).last().isEqualTo(Set.of("hub", "new", "old"));
        assertThat(Files.readString(live.db().resolve("application.update"))).contains("previous:", "- old");
        assertThat(live.update(live.offer("V4", "hub:1")).outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(live.engine.retained).last().isEqualTo(Set.of("hub", "new"));
    }
}
