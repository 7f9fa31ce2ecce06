package io.openedge.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ServiceSpec;
import io.openedge.config.Applications;
import io.openedge.master.account.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which address an instance that is started on demand is given. */
public class ReachTest {
    private static final String ADDRESS = "OPENEDGE_SERVICE_INSTANCE_ADDRESS";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Map<String, ServiceSpec> services;

    @Before
    public void readAnApplication() throws Exception {
        Path file = Files.writeString(
                folder.getRoot().toPath().resolve("application.yml"),
                "services:\n- {name: inside, image: m}\n- {name: outside, image: m, engine: native}\n"
                        + "- {name: boxed, image: m, engine: docker}\n");
        services = new HashMap<>();
        Applications.read(file, warning -> {}).services().forEach(service -> services.put(service.name(), service));
    }

    private Map<String, String> given(Caller caller, String service, Map<String, String> configuration) {
        Map<String, String> hosts = Map.of("native", "127.0.0.1", "docker", "172.18.0.1");
        return new Reach(
                        "osgi",
                        name -> Optional.ofNullable(services.get(name)),
                        engine -> Optional.ofNullable(hosts.get(engine)),
                        () -> 50123)
                .configuration(caller, service, configuration);
    }

    private static Caller service(String name) {
        return new Caller.Service(name, Set.of());
    }

    @Test
    public void aProcessThatStartsAnInstanceInTheFrameworkReachesItOnAPort() {
        assertThat(given(service("outside"), "inside", Map.of("A", "b")))
                .isEqualTo(Map.of("A", "b", ADDRESS, "127.0.0.1:50123"));
    }

    @Test
    public void aContainerThatStartsAnInstanceOnThisHostReachesItWhereItSeesTheHost() {
        assertThat(given(service("boxed"), "inside", Map.of())).isEqualTo(Map.of(ADDRESS, "172.18.0.1:50123"));
        assertThat(given(service("boxed"), "outside", Map.of())).isEqualTo(Map.of(ADDRESS, "172.18.0.1:50123"));
    }

    @Test
    public void elsewhereTheEngineKnowsTheWay() {
        assertThat(given(service("inside"), "inside", Map.of())).isEmpty();
        assertThat(given(service("inside"), "outside", Map.of())).isEmpty();
        assertThat(given(service("outside"), "outside", Map.of())).isEmpty();
        assertThat(given(service("boxed"), "boxed", Map.of())).isEmpty();
        assertThat(given(service("inside"), "boxed", Map.of())).isEmpty();
        assertThat(given(service("outside"), "boxed", Map.of())).isEmpty();
        assertThat(given(service("outside"), "nobody", Map.of())).isEmpty();
        assertThat(given(new Caller.Operator(), "inside", Map.of())).isEmpty();
    }

    @Test
    public void anAddressThatTheCallerChoseIsKept() {
        Map<String, String> own = Map.of(ADDRESS, "127.0.0.1:1");
        Map<String, String> older = Map.of("OPENEDGE_SERVICE_ADDRESS", "0.0.0.0:50051");

        assertThat(given(service("outside"), "inside", own)).isEqualTo(own);
        assertThat(given(service("outside"), "inside", older)).isEqualTo(older);
    }
}
