package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Whatever is cut, the application is the old or the new one, whole, and it stays so. */
public class ApplicationFilesTest {
    private static final String OLD = "version: V1\nservices: []\n";
    private static final String NEW = "version: V2\nservices: []\n";
    private static final String ABSENT = "";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path application;
    private Path kept;

    @Before
    public void place() {
        application = folder.getRoot().toPath().resolve("application.yml");
        kept = folder.getRoot().toPath().resolve("application.yml.old");
    }

    @Test
    public void aCommittedUpdateIsTheNewApplicationAndLeavesNothing() throws IOException {
        reset(OLD);
        ApplicationFiles files = files(0);
        files.begin(bytes(OLD), bytes(NEW));
        assertThat(application).hasContent(NEW);
        assertThat(kept).hasContent(OLD);

        files.commit();

        assertThat(application).hasContent(NEW);
        assertThat(folder.getRoot().list()).containsExactly("application.yml");
        assertThat(recovered()).isEqualTo(NEW);
    }

    @Test
    public void anUpdateThatIsPutBackIsTheOldApplicationAndLeavesNothing() throws IOException {
        for (String before : new String[] {OLD, ABSENT}) {
            reset(before);
            ApplicationFiles files = files(0);
            files.begin(bytes(before), bytes(NEW));

            assertThat(files.putBack()).isTrue();

            assertThat(content()).isEqualTo(before);
            assertThat(kept).doesNotExist();
            assertThat(files.putBack()).isFalse();
        }
    }

    @Test
    public void aCutAtAnyStepOfAnyUpdateLeavesOneOfBoth() throws IOException {
        Set<String> ends = new HashSet<>();
        for (String before : new String[] {OLD, ABSENT}) {
            for (boolean commit : new boolean[] {true, false}) {
                for (boolean lose : new boolean[] {true, false}) {
                    ends.addAll(cutEverywhere(before, commit, lose));
                }
            }
        }
        assertThat(ends).containsExactlyInAnyOrder(OLD, NEW, ABSENT);
    }

    private Set<String> cutEverywhere(String before, boolean commit, boolean lose) throws IOException {
        Set<String> ends = new HashSet<>();
        boolean cut = true;
        for (int step = 1; cut; step++) {
            reset(before);
            CuttingDisk disk = new CuttingDisk(folder.getRoot().toPath(), step);
            boolean committed = false;
            try {
                ApplicationFiles files = new ApplicationFiles(disk, application);
                files.begin(bytes(before), bytes(NEW));
                if (commit) {
                    files.commit();
                    committed = true;
                } else {
                    files.putBack();
                }
            } catch (CuttingDisk.PowerCut stopped) {
                assertThat(disk.wasCut()).isTrue();
            }
            cut = disk.wasCut();
            for (int way = 0; way < (lose ? disk.ways() : 1); way++) {
                if (lose) {
                    disk.loseUnsynced(way);
                }
                String end = recoveredThroughCuts();
                assertThat(end).as("cut at %d, lost %d", step, way).isIn(before, NEW);
                if (committed) {
                    assertThat(end).isEqualTo(NEW);
                }
                if (!commit) {
                    assertThat(end).isEqualTo(before);
                }
                ends.add(end);
            }
        }
        return ends;
    }

    /** The start after the cut is cut too, at each of its steps, before one is let through. */
    private String recoveredThroughCuts() throws IOException {
        boolean cut = true;
        for (int step = 1; cut; step++) {
            CuttingDisk disk = new CuttingDisk(folder.getRoot().toPath(), step);
            try {
                new ApplicationFiles(disk, application).recover(ApplicationFilesTest::usable);
            } catch (CuttingDisk.PowerCut stopped) {
                disk.loseUnsynced(step % disk.ways());
            }
            cut = disk.wasCut();
        }
        String end = recovered();
        assertThat(folder.getRoot().list()).hasSize(end.isEmpty() ? 0 : 1);
        return end;
    }

    @Test
    public void aDiskThatFailsAtAnyStepOfTheBeginningLeavesTheOldApplication() throws IOException {
        for (String before : new String[] {OLD, ABSENT}) {
            boolean failed = true;
            for (int step = 1; failed; step++) {
                reset(before);
                CuttingDisk disk = new CuttingDisk(folder.getRoot().toPath(), step, true);
                try {
                    new ApplicationFiles(disk, application).begin(bytes(before), bytes(NEW));
                } catch (IOException full) {
                    assertThat(recovered()).isEqualTo(before);
                }
                failed = disk.wasCut();
            }
        }
    }

    @Test
    public void anOldFileThatIsCutDoesNotReplaceAnApplicationThatIsWhole() throws IOException {
        reset(NEW);
        Files.writeString(kept, "servi");
        assertThat(recovered()).isEqualTo(NEW);
        assertThat(kept).doesNotExist();
    }

    @Test
    public void anOldFileOfAnotherGatewayReplacesAnApplicationThatIsCutOrMissing() throws IOException {
        for (String rest : new String[] {"version: V2\nserv", ABSENT}) {
            reset(rest);
            Files.writeString(kept, OLD);
            assertThat(recovered()).isEqualTo(OLD);
        }
    }

    private static boolean usable(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).endsWith("services: []\n");
    }

    private ApplicationFiles files(int cutAt) throws IOException {
        return new ApplicationFiles(new CuttingDisk(folder.getRoot().toPath(), cutAt), application);
    }

    private String recovered() throws IOException {
        files(0).recover(ApplicationFilesTest::usable);
        return content();
    }

    private String content() throws IOException {
        return Files.exists(application) ? Files.readString(application) : ABSENT;
    }

    private void reset(String content) throws IOException {
        for (java.io.File file : folder.getRoot().listFiles()) {
            Files.delete(file.toPath());
        }
        if (!content.isEmpty()) {
            Files.writeString(application, content);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
