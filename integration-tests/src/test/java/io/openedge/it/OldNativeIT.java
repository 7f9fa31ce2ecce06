package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** An application written for the native mode of the old releases serves in its own mode and inside the framework. */
public class OldNativeIT {
    @Rule
    public final Gateway gateway = Gateway.ofOld("old-native");

    @Test
    public void inItsOwnModeAServiceWithoutItsProgramIsNamedAndTheGatewayIsUp() throws Exception {
        run("native");
        gateway.edit(gateway.db("application.yml"), text -> text.replace("image: openedge-hub", "image: other-hub"));

        Outcome start = gateway.start().expect(3);

        assertThat(start.err()).contains("localhub").contains("there is no package for the image 'other-hub'");
        assertThat(gateway.inspect().path("software").path("conf_version").asText())
                .isEqualTo("v0");
    }

    @Test
    public void inItsOwnModeWithOurProgramsItRoutesAnswersAndServesTwoWayTls() throws Exception {
        run("native");
        for (String image : List.of("hub", "function-manager", "function-python27", "function-python36", "timer")) {
            copy(Distribution.home().resolve("lib/openedge/openedge-" + image), gateway.db("openedge-" + image));
        }

        routesAnswersAndServesTwoWayTls();

        JsonNode hub = gateway.instance("localhub").orElseThrow();
        assertThat(hub.path("process").path("name").asText()).isEqualTo("openedge-hub");
        assertThat(gateway.inspect().path("software").path("mode").asText()).isEqualTo("native");
    }

    @Test
    public void insideTheFrameworkItRoutesAnswersAndServesTwoWayTls() throws Exception {
        run("osgi");
        Files.writeString(
                Files.createDirectories(gateway.db("openedge-hub")).resolve("package.yml"),
                "entry: bin/openedge-hub\n");

        routesAnswersAndServesTwoWayTls();

        assertThat(gateway.logs())
                .contains("every certificate of certificate.ca can log in as two-way-tls")
                .contains("has no bundles and is passed over");
    }

    private void routesAnswersAndServesTwoWayTls() throws Exception {
        Openssl openssl = new Openssl(Files.createDirectories(gateway.db("localhub-cert-only-for-test")))
                .authority("ca")
                .signed("server", "ca", "localhost")
                .signed("client", "ca", "device");
        int ssl = freePort();
        gateway.edit(gateway.db("localhub-conf/service.yml"), text -> text.replace("8883", String.valueOf(ssl)));

        gateway.start();

        assertThat(openssl.exchange(ssl, "two-way-tls", "tls/x", "client")).isEqualTo("tls/x hello");
        assertThat(openssl.refused(ssl, "two-way-tls", "tls/x", "")).isTrue();
        assertThat(openssl.refused(ssl, "test", "tls/x", "client")).isTrue();
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+").publish("t", "{\"id\": 1}");
            assertThat(user.awaitMessage("t/topic")).isEqualTo("{\"id\": 1}");
            assertThat(user.awaitMessage("t/py2hi")).contains(Python.two() ? "python27-sayhi" : "python2.7");
            assertThat(user.awaitMessage("t/py3hi")).contains("python36-sayhi");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void run(String mode) {
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"),
                text -> text.replace("mode: native", "mode: " + mode)
                        + "pidfile: var/run/openedge/openedge.pid\n"
                        + "server: {address: 'unix://var/run/openedge/openedge.sock'}\n");
    }
}
