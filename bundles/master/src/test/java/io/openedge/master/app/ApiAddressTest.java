package io.openedge.master.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.system.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Test;

/** The API's address as modules of this host are told it. */
public class ApiAddressTest {
    @Test
    public void isTheOneItIsServedAtWhereThatCanBeConnectedTo() {
        assertThat(of("unix:///work/api.sock", "").text()).isEqualTo("unix:///work/api.sock");
        assertThat(of("tcp://127.0.0.1:50050", "").text()).isEqualTo("tcp://127.0.0.1:50050");
        assertThat(of("tcp://gateway.example:50050", "").text()).isEqualTo("tcp://gateway.example:50050");
    }

    @Test
    public void isThisHostWhereItIsServedAtAllAddresses() {
        assertThat(of("tcp://0.0.0.0:50050", "").text()).isEqualTo("tcp://127.0.0.1:50050");
        assertThat(of("tcp://[::]:50050", "").text()).isEqualTo("tcp://[::1]:50050");
    }

    @Test
    public void saysThatItIsEncrypted() {
        ApiAddress address = of("tcp://0.0.0.0:50050", "/no/such/file.pem");

        assertThat(address.text()).isEqualTo("https://127.0.0.1:50050");
        assertThat(address.fingerprint())
                .as("of a certificate that cannot be read")
                .isEmpty();
    }

    private static ApiAddress of(String address, String cert) {
        return ApiAddress.of(new ServerSettings(
                address, Duration.ofMinutes(5), "", cert, cert.replace(".pem", ".key"), Path.of("/operator.sock")));
    }
}
