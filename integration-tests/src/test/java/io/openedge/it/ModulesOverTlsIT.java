package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Modules as processes ask the gateway at an address behind TLS that it serves to everybody. */
public class ModulesOverTlsIT {
    @Rule
    public final Gateway gateway = Gateway.ofExample("native");

    @Test
    public void theyKnowItByItsCertificateWhateverNameIsInIt() throws Exception {
        Path etc = gateway.work().resolve("etc/openedge");
        new Openssl(etc).authority("ca").signed("server", "ca", "gateway.example");
        gateway.edit(
                etc.resolve("openedge.yml"),
                text -> text.replace(
                        "address: unix://var/run/openedge/openedge.sock",
                        "address: tcp://0.0.0.0:" + freePort() + "\n  cert: etc/openedge/server.pem\n"
                                + "  key: etc/openedge/server.key"));

        gateway.start().expect(0);

        await("the hub reports")
                .atMost(Duration.ofSeconds(60))
                .until(() -> gateway.instance("localhub").orElseThrow().has("hub"));
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"id\": 1}");
            assertThat(user.awaitMessage("t/py3hi"))
                    .as("an instance started over TLS")
                    .contains("python36-sayhi");
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
