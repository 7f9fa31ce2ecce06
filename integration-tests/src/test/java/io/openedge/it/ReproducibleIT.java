package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who builds, where and when leaves no trace in the archives. */
public class ReproducibleIT {
    @Rule
    public final TemporaryFolder scratch = new TemporaryFolder();

    @Test
    public void anotherUserInAnotherFolderBuildsTheSameBytes() throws Exception {
        ProcessBuilder build = new ProcessBuilder(
                "bash",
                Distribution.project()
                        .resolve("integration-tests/reproducible.sh")
                        .toString(),
                System.getProperty("openedge.repository"));
        build.environment().put("TMPDIR", "/tmp");
        // of the build that runs this test
        build.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));

        String said = Outcome.of(build, scratch.getRoot().toPath()).expect(0).out();

        assertThat(Pattern.compile("the same bytes: ").matcher(said).results()).hasSize(2);
    }
}
