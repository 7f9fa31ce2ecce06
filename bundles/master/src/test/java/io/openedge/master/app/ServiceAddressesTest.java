package io.openedge.master.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ServiceSpec;
import io.openedge.master.supervise.Served;
import io.openedge.module.ServiceLocator.Location;
import java.util.List;
import org.junit.Test;

/** Where services are, seen from this host. */
public class ServiceAddressesTest {
    private final ServiceAddresses addresses = new ServiceAddresses(() -> List.of(
            served("hub", "osgi", "1884:1883"),
            served("tool", "native"),
            served("web", "docker", "8080:80", "127.0.0.2:8443:443", "7000-7002:9000-9002", "53:53/udp", "99")));

    @Test
    public void aServiceOfThisHostListensWhereItSays() {
        assertThat(addresses.locate("hub", 1883)).contains(new Location("127.0.0.1", 1883));
        assertThat(addresses.locate("nobody", 1883)).isEmpty();
    }

    @Test
    public void aContainerIsFoundAtThePortThatItPublishes() {
        assertThat(addresses.locate("web", 80)).contains(new Location("127.0.0.1", 8080));
        assertThat(addresses.locate("web", 443)).contains(new Location("127.0.0.2", 8443));
        assertThat(addresses.locate("web", 9002)).contains(new Location("127.0.0.1", 7002));
        assertThat(addresses.locate("web", 53)).contains(new Location("127.0.0.1", 53));
        assertThat(addresses.locate("web", 99)).contains(new Location("127.0.0.1", 99));
    }

    @Test
    public void processesAreToldTheSameInWords() {
        assertThat(addresses.text())
                .isEqualTo("hub tool web web:443=127.0.0.2:8443 web:80=127.0.0.1:8080 web:9000=127.0.0.1:7000"
                        + " web:9001=127.0.0.1:7001 web:9002=127.0.0.1:7002");
    }

    @Test
    public void containersAreToldWhatIsOnThisHost() {
        assertThat(addresses.onHost()).containsExactlyInAnyOrder("hub", "tool");
    }

    private static Served served(String name, String engine, String... ports) {
        return new Served(
                new ServiceSpec(
                        name,
                        "image",
                        1,
                        null,
                        List.of(ports),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        engine,
                        null,
                        null,
                        null,
                        null,
                        false),
                engine);
    }
}
