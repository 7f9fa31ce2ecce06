package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import java.util.List;
import org.junit.Test;

/** Addresses as they stand in old and new files. */
public class EndpointTest {
    @Test
    public void eachSchemeHasItsPortAndTransport() throws Exception {
        assertThat(Endpoint.of("tcp://hub")).isEqualTo(new Endpoint(false, false, "hub", 1883, "", ""));
        assertThat(Endpoint.of("mqtt://hub:1")).isEqualTo(new Endpoint(false, false, "hub", 1, "", ""));
        assertThat(Endpoint.of("ssl://hub")).isEqualTo(new Endpoint(true, false, "hub", 8883, "", ""));
        assertThat(Endpoint.of("mqtts://hub")).isEqualTo(new Endpoint(true, false, "hub", 8883, "", ""));
        assertThat(Endpoint.of("ws://hub/mqtt")).isEqualTo(new Endpoint(false, true, "hub", 80, "mqtt", ""));
        assertThat(Endpoint.of("wss://hub:8884/a/b?c=d"))
                .isEqualTo(new Endpoint(true, true, "hub", 8884, "a/b", "c=d"));
    }

    @Test
    public void hostsMayBeNamesOfServicesAndNumbers() throws Exception {
        assertThat(Endpoint.of("tcp://local_hub:1883").host()).isEqualTo("local_hub");
        assertThat(Endpoint.of("tcp://0.0.0.0:1883").host()).isEqualTo("0.0.0.0");
        assertThat(Endpoint.of("tcp://[::1]:1883").host()).isEqualTo("::1");
    }

    @Test
    public void whatIsNoAddressIsRefused() {
        for (String wrong : List.of("tcp://", "tcp://:1883", "tcp://h:0", "tcp://h:65536", "http://h", "tcp://a:b:c")) {
            assertThatThrownBy(() -> Endpoint.of(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong)
                    .hasMessageContaining("allowed");
        }
    }
}
