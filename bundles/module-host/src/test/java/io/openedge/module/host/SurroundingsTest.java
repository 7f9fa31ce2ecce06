package io.openedge.module.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.Test;

/** What an instance takes from the environment of its process. */
public class SurroundingsTest {
    @Test
    public void underAGateway() {
        Surroundings surroundings = Surroundings.of(
                Map.of(
                        "OPENEDGE_SERVICE_NAME", "localhub",
                        "OPENEDGE_SERVICE_INSTANCE_NAME", "localhub.i1",
                        "OPENEDGE_MASTER_API", "unix:///work/api.sock",
                        "OPENEDGE_SERVICE_TOKEN", "t0ken",
                        "OPENEDGE_SERVICES", "localhub"),
                "openedge-hub");

        assertThat(surroundings.service()).isEqualTo("localhub");
        assertThat(surroundings.instance()).isEqualTo("localhub.i1");
        assertThat(surroundings.api()).isEqualTo("unix:///work/api.sock");
        assertThat(surroundings.token()).isEqualTo("t0ken");
        assertThat(surroundings.services().locate("localhub", 1)).isPresent();
        assertThat(surroundings).asString().doesNotContain("t0ken");
    }

    @Test
    public void aloneTheModuleGivesTheNames() {
        Surroundings surroundings = Surroundings.of(Map.of("OPENEDGE_SERVICE_NAME", ""), "openedge-hub");

        assertThat(surroundings.service()).isEqualTo("openedge-hub");
        assertThat(surroundings.instance()).isEqualTo("openedge-hub");
        assertThat(surroundings.api()).isEmpty();
    }

    @Test
    public void anAddressCountsUnderItsOlderNameToo() {
        Map<String, String> variables = Surroundings.of(
                        Map.of("OPENEDGE_SERVICE_ADDRESS", "127.0.0.1:1", "JAVA_MAIN_CLASS_7", "x", "MASK", "0777"),
                        "openedge-function-python36")
                .variables();

        assertThat(variables)
                .containsEntry("OPENEDGE_SERVICE_INSTANCE_ADDRESS", "127.0.0.1:1")
                .containsEntry("MASK", "0777")
                .doesNotContainKey("JAVA_MAIN_CLASS_7");
    }
}
