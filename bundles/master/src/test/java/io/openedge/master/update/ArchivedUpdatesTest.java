package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.config.UserRange;
import io.openedge.system.UpdatePlan;
import io.openedge.system.UpdatePlan.Action;
import io.openedge.system.UpdatePlan.Step;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

        assertThat(plan(zip).to()).isEqualTo("V2");
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
        nothingIsLeft();
    }

    @Test
    public void anArchiveThatIsOpenedBeforeTheRestOfACrashIsRemovedStays() throws Exception {
        live.up();
        LiveUpdates.write(live.work().resolve("var/lib/openedge/staging/sets/old/application.yml"), "services: []");
        entries.put("application.yml", LiveUpdates.text("V2", "hub:2"));
        Deployments deployments = new Deployments(live.work(), live.application(), "native", UserRange.NONE);
        ApplicationSets sets =
                new ApplicationSets(deployments, live.work(), live.work().resolve("none"));
        List<Path> leftovers = sets.leftovers();

        try (ApplicationSet set = sets.open(zip().toString(), true)) {
            ApplicationSets.clean(leftovers);

            assertThat(leftovers).hasSize(1).noneMatch(Files::exists);
            assertThat(set.file()).isRegularFile();
        }
    }

    @Test
    public void whoMountsAnEmptyVolumeIsRestartedWhenItsContentComes() throws Exception {
        String mounts = "    mounts: [{name: conf, path: etc/openedge}, {name: data, path: var/data}]\n";
        String volumes = "volumes: [{name: conf, path: var/db/openedge/conf}, {name: data, path: var/db/openedge/d}]\n";
        LiveUpdates.write(
                live.application(),
                LiveUpdates.text("V1", "hub:1") + mounts + "  - {name: other, image: image}\n" + volumes);
        live.up();
        Files.createDirectories(live.db().resolve("conf"));
        Files.createDirectories(live.db().resolve("d"));
        entries.put(
                "application.yml",
                LiveUpdates.text("V2", "hub:1") + mounts + "  - {name: other, image: image}\n" + volumes);
        entries.put("var/db/openedge/conf/service.yml", "a: b\n");
        entries.put("var/db/openedge/d/start", "x");
        String reason = "content of etc/openedge (volume 'conf') changed; content of var/data (volume 'data') changed";

        assertThat(plan(zip()).steps())
                .containsExactly(
                        new Step("hub", Action.STOP, reason),
                        new Step("hub", Action.START, reason),
                        new Step("other", Action.KEEP, "unchanged"));
        String first = digest(zip());
        assertThat(live.update(zip().toString()).outcome()).isEqualTo(Outcome.COMMITTED);

        assertThat(live.engine.count("hub")).isEqualTo(2);
        assertThat(digest(zip())).as("when it is in its place").isEqualTo(first);
        assertThat(plan(zip()).steps()).extracting(Step::action).containsOnly(Action.KEEP);
    }

    @Test
    public void whoMountsWhatCameIsRestartedAlsoWhenTheUpdateIsRefusedThen() throws Exception {
        String mounts = "    mounts: [{name: data, path: var/data}]\n";
        String volumes = "volumes: [{name: data, path: var/db/openedge/d}]\n";
        LiveUpdates.write(live.application(), LiveUpdates.text("V1", "other:1", "hub:1") + mounts + volumes);
        live.up();
        Files.createDirectories(live.db().resolve("d"));
        entries.put(
                "application.yml",
                LiveUpdates.text("V2", "other:1", "hub:1") + mounts + "  - {name: bad, image: image}\n" + volumes);
        entries.put("var/db/openedge/d/start", "x");
        live.engine.prepareFailures.put("bad", "no such image");

        assertThat(live.update(zip().toString()).outcome()).isEqualTo(Outcome.REFUSED);

        assertThat(live.db().resolve("d/start")).hasContent("x");
        LiveUpdates.until(() -> live.engine.count("hub") == 2); // the end of the update does not wait for its start
        assertThat(live.engine.count("other")).isEqualTo(1);
        live.consistent();
        assertThat(plan(zip()).steps())
                .extracting(Step::action)
                .containsExactly(Action.KEEP, Action.KEEP, Action.START);
    }

    @Test
    public void anArchiveWhoseApplicationFailsIsTriedAsOftenAsAnyOther() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        live.engine.crashing.add("hub:2");
        entries.put(
                "application.yml",
                LiveUpdates.text("V2", "hub:2")
                        + "    mounts: [{name: conf, path: etc/openedge}]\n"
                        + "volumes: [{name: conf, path: var/db/openedge/conf}]\n");
        entries.put("var/db/openedge/conf/service.yml", "a: b\n");
        Path zip = zip();
        for (int tries = 0; tries < 3; tries++) {
            assertThat(LiveUpdates.outcome(live.updates.update(zip.getFileName().toString(), false))
                            .outcome())
                    .isEqualTo(Outcome.ROLLED_BACK);
        }

        UpdateResult fourth =
                LiveUpdates.outcome(live.updates.update(zip.getFileName().toString(), false));

        assertThat(fourth.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(fourth.reason()).contains("failed 3 times");
    }

    @Test
    public void aVolumeInAnotherComesWithIt() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        entries.put(
                "application.yml",
                LiveUpdates.text("V2", "hub:2")
                        + "    mounts: [{name: inner, path: lib/inner}, {name: outer, path: lib/outer}]\n"
                        + "volumes: [{name: inner, path: var/db/openedge/v/in}, {name: outer, path: var/db/openedge/v}]\n");
        entries.put("var/db/openedge/v/in/side", "in");
        entries.put("var/db/openedge/v/side", "out");

        assertThat(live.update(zip().toString())).isEqualTo(new UpdateResult(Outcome.COMMITTED, "V2", ""));

        assertThat(live.db().resolve("v/in/side")).hasContent("in");
        assertThat(live.db().resolve("v/side")).hasContent("out");
    }

    @Test
    public void noVolumeOfAnArchiveTakesAPlaceOfTheGatewaysFiles() throws Exception {
        live.installed("V1", "hub:1");
        live.up();
        for (String path : List.of(
                "var/db/openedge/application.yml.old",
                "/var/db/openedge/x/../application.yml.tmp/deep",
                "var/db/openedge")) {
            entries.clear();
            entries.put(
                    "application.yml",
                    LiveUpdates.text("V2", "hub:2") + "volumes: [{name: evil, path: " + path + "}]\n");
            entries.put(Path.of(path).normalize().toString().replaceFirst("^/", "") + "/file", "x");

            refused("application.yml:9: volumes[0].path", "is a place of the gateway's own files");
        }

        assertThat(live.db().resolve("application.yml.old")).doesNotExist();
        live.consistent();
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

    private UpdatePlan plan(Path zip) throws Exception {
        return live.updates.plan(zip.toString(), true).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** What an update from there is known by. */
    private String digest(Path zip) throws Exception {
        Deployments deployments = new Deployments(live.work(), live.application(), "native", UserRange.NONE);
        ApplicationSets sets =
                new ApplicationSets(deployments, live.work(), live.work().resolve("none"));
        try (ApplicationSet set = sets.open(zip.toString(), true)) {
            return deployments.wanted(set, warning -> {}).deployment().digest();
        }
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
