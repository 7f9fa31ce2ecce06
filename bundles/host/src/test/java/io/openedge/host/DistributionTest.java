package io.openedge.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Distributions in Go's words. */
public class DistributionTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Distribution of(String place, String... lines) throws IOException {
        Path root = folder.newFolder().toPath();
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines));
        return Distribution.of(root);
    }

    private Distribution etc(String... lines) throws IOException {
        return of("etc/os-release", lines);
    }

    @Test
    public void commonOnesAreKnown() throws Exception {
        assertThat(etc("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "VERSION_ID=\"12\"", "ID=debian"))
                .isEqualTo(new Distribution("debian", "debian", "12"));
        assertThat(etc("ID=ubuntu", "ID_LIKE=debian", "VERSION_ID=\"22.04\""))
                .isEqualTo(new Distribution("ubuntu", "debian", "22.04"));
        assertThat(etc("ID=raspbian", "ID_LIKE=debian", "VERSION_ID=\"10\""))
                .isEqualTo(new Distribution("raspbian", "debian", "10"));
        assertThat(etc("ID=\"centos\"", "ID_LIKE=\"rhel fedora\"", "VERSION_ID=\"7\""))
                .isEqualTo(new Distribution("centos", "rhel", "7"));
        assertThat(etc("ID='rhel'", "VERSION_ID='9.3'")).isEqualTo(new Distribution("redhat", "rhel", "9.3"));
        assertThat(etc("ID=opensuse-leap", "ID_LIKE=\"suse opensuse\"", "VERSION_ID=\"15.5\""))
                .isEqualTo(new Distribution("opensuse", "suse", "15.5"));
        assertThat(etc("ID=alpine", "VERSION_ID=3.19.1")).isEqualTo(new Distribution("alpine", "alpine", "3.19.1"));
    }

    @Test
    public void anUnknownOneHasTheFamilyThatItIsLike() throws Exception {
        assertThat(etc("# ours", "ID=edgeos", "ID_LIKE=\"homegrown debian\"", "broken line", "VERSION_ID=1"))
                .isEqualTo(new Distribution("edgeos", "debian", "1"));
        assertThat(etc("ID=poky", "VERSION_ID=4.0")).isEqualTo(new Distribution("poky", "", "4.0"));
    }

    @Test
    public void theFileMayLieUnderUsrOrBeMissing() throws Exception {
        assertThat(of("usr/lib/os-release", "ID=debian")).isEqualTo(new Distribution("debian", "debian", ""));
        assertThat(Distribution.of(folder.newFolder().toPath())).isEqualTo(new Distribution("", "", ""));
    }
}
