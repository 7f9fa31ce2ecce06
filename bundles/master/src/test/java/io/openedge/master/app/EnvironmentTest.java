package io.openedge.master.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.system.GatewayException;
import java.util.Map;
import org.junit.Test;

/** The environment of instances. */
public class EnvironmentTest {
    private static final Environment.ServiceEnvironment HUB = new Environment.ServiceEnvironment(
            "hub",
            "native",
            Map.of("MASK", "0777", "OPENEDGE_SERVICE_NAME", "forged", "OPENEDGE_SERVICE_TOKEN", "forged"),
            "t0ken");

    private final Environment environment =
            new Environment(new ApiAddress("unix:///work/api.sock", ""), () -> "hub timer");

    @Test
    public void aReplicaKnowsTheGatewayAndItself() {
        assertThat(environment.replica(HUB, "hub.i1"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "MASK", "0777",
                        "OPENEDGE_HOST_OS", "linux",
                        "OPENEDGE_MASTER_API", "unix:///work/api.sock",
                        "OPENEDGE_MASTER_API_VERSION", "v1",
                        "OPENEDGE_RUNNING_MODE", "native",
                        "OPENEDGE_SERVICE_NAME", "hub",
                        "OPENEDGE_SERVICE_TOKEN", "t0ken",
                        "OPENEDGE_SERVICES", "hub timer",
                        "OPENEDGE_SERVICE_INSTANCE_NAME", "hub.i1"));
    }

    @Test
    public void whereServicesAreIsSaidToProcessesAlone() {
        Environment.ServiceEnvironment inside =
                new Environment.ServiceEnvironment("hub", "osgi", Map.of("OPENEDGE_SERVICES", "forged"), "t0ken");

        assertThat(environment.replica(inside, "hub")).doesNotContainKey("OPENEDGE_SERVICES");
    }

    @Test
    public void theCertificateOfTheApiIsKnownByItsFingerprint() {
        Environment secure = new Environment(new ApiAddress("https://127.0.0.1:1", "ab12"), () -> "");

        assertThat(secure.replica(HUB, "hub")).containsEntry("OPENEDGE_MASTER_API_FINGERPRINT", "ab12");
    }

    @Test
    public void anInstanceOfTheApiGetsItsConfigurationAndNoToken() {
        Map<String, String> variables = environment.dynamic(
                HUB,
                "f.1",
                Map.of(
                        "KEY", "value",
                        "MASK", "0700"));

        assertThat(variables)
                .doesNotContainKey("OPENEDGE_SERVICE_TOKEN")
                .containsEntry("KEY", "value")
                .containsEntry("MASK", "0700")
                .containsEntry("OPENEDGE_SERVICE_NAME", "hub")
                .containsEntry("OPENEDGE_MASTER_API", "unix:///work/api.sock")
                .containsEntry("OPENEDGE_SERVICE_INSTANCE_NAME", "f.1");
    }

    @Test
    public void anAddressCountsUnderBothNames() {
        for (String name : new String[] {"OPENEDGE_SERVICE_INSTANCE_ADDRESS", "OPENEDGE_SERVICE_ADDRESS"}) {
            assertThat(environment.dynamic(HUB, "f.1", Map.of(name, "127.0.0.1:5000")))
                    .containsEntry("OPENEDGE_SERVICE_INSTANCE_ADDRESS", "127.0.0.1:5000")
                    .containsEntry("OPENEDGE_SERVICE_ADDRESS", "127.0.0.1:5000");
        }
    }

    @Test
    public void whatCannotBeAVariableIsRefused() {
        for (String name : new String[] {"", "A=B", "OPENEDGE_SERVICE_TOKEN", "LD_PRELOAD"}) {
            assertThatThrownBy(() -> environment.dynamic(HUB, "f.1", Map.of(name, "x")))
                    .isInstanceOf(GatewayException.class);
        }
    }
}
