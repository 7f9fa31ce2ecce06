package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;

/** An application and its volumes that come in one archive, as from a USB stick. */
public class ArchivedUpdatesTest {
    private static final String VOLUME = "var/db/openedge/hello/2/";
    private static final String MOUNT = "    mounts: [{name: hello, path: lib/openedge/hello}]\n"
            + "volumes: [{name: hello, path: var/db/openedge/hello/2}]\n";

    @Rule
    public final LiveUpdates live = new LiveUpdates();

    private final Map<String, String> entries = new LinkedHashMap<>();

    @Test
    public void itsVolumesAreInTheirPlacesBeforeItRuns() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        entries.put("application.yml", LiveUpdates.text("V2", "hub:2") + MOUNT);
        entries.put(VOLUME + "package.yml", "entry: run\n");
        entries.put(VOLUME + "bin/run", "#!/bin/sh\n");
        Path zip = zip();

        assertThat(plan(zip)).isEqualTo("V2");
        assertThat(live.work().resolve(VOLUME)).as("after a dry run").doesNotExist();
        nothingIsLeft();
        assertThat(live.update(zip.toString())).isEqualTo(new UpdateResult(Outcome.COMMITTED, "V2", ""));

        assertThat(live.work().resolve(VOLUME + "bin/run")).hasContent("#!/bin/sh\n");
        nothingIsLeft();
        live.consistent();
        assertThat(live.update(zip.toString()).outcome()).as("once more").isEqualTo(Outcome.COMMITTED);
    }

    @Test
    public void aVolumeThatIsThereWithOtherContentIsLeftAlone() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        LiveUpdates.write(live.work().resolve(VOLUME + "package.yml"), "entry: other\n");
        entries.put("application.yml", LiveUpdates.text("V2", "hub:2") + MOUNT);
        entries.put(VOLUME + "package.yml", "entry: run\n");

        refused("application.yml:10: volumes[0].path", "is there already with other content");

        assertThat(live.work().resolve(VOLUME + "package.yml")).hasContent("entry: other\n");
    }

    @Test
    public void anArchiveThatIsHostileOrNoneIsRefused() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        entries.put("application.yml", LiveUpdates.text("V2", "hub:2"));
        entries.put("../../evil", "x");
        refused("'../../evil'");
        entries.clear();
        entries.put("readme", "x");
        refused("holds no application.yml");
        Files.writeString(live.work().resolve("app.zip"), "PK no archive");
        UpdateResult result = live.update("app.zip");
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reason()).contains("app.zip: ");
        nothingIsLeft();
        live.consistent();
    }

    @Test
    public void whatACrashLeftOfAnArchiveGoesWithTheNextStart() throws Exception {
        LiveUpdates.write(live.work().resolve("var/lib/openedge/staging/sets/set1/application.yml"), "services: []");
        live.up();
        LiveUpdates.until(() -> !Files.exists(live.work().resolve("var/lib/openedge/staging/sets")));
    }

    private void refused(String... words) throws Exception {
        Path zip = zip();
        assertThatThrownBy(() -> plan(zip)).message().contains(words);
        UpdateResult result = live.update(zip.toString());
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reason()).contains(words);
        assertThat(live.engine.count("hub")).isEqualTo(1);
        nothingIsLeft();
    }

    private String plan(Path zip) throws Exception {
        return live.updates
                .plan(zip.toString(), true)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .to();
    }

    private void nothingIsLeft() {
        LiveUpdates.until(() -> {
            String[] left = live.work()
                    .resolve("var/lib/openedge/staging/sets")
                    .toFile()
                    .list();
            return left == null || left.length == 0;
        });
    }

    private Path zip() throws Exception {
        Path zip = live.work().resolve("app.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream archive = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                archive.putNextEntry(new ZipEntry(entry.getKey()));
                archive.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return zip;
    }
}
