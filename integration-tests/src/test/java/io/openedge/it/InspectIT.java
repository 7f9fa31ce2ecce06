package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** What an operator and a cloud see of the host and of what instances use. */
public class InspectIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Test
    public void theHostAndWhatAFunctionUsesAreSeen() throws Exception {
        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/py3hi").publish("t", "{\"id\": 1}");
            user.awaitMessage("t/py3hi");
        }

        await("the host was looked at while the function runs")
                .atMost(LIMIT)
                .until(() -> function().path("mem_stats").path("used").asLong() > 0);

        JsonNode hardware = gateway.inspect().path("hardware");
        for (String part : List.of("host_stats", "net_stats", "mem_stats", "cpu_stats", "disk_stats")) {
            assertThat(hardware.path(part).path("time").asText()).as(part).endsWith("Z");
            assertThat(hardware.path(part).has("error")).as(part + hardware).isFalse();
        }
        assertThat(hardware.path("host_stats").path("os").asText()).isEqualTo("linux");
        assertThat(hardware.path("mem_stats").path("total").asLong()).isPositive();
        assertThat(hardware.path("cpu_stats").path("cpus").size()).isPositive();
        assertThat(hardware.path("disk_stats").path("path").asText())
                .isEqualTo(gateway.work().toRealPath().toString());
        assertThat(hardware.path("disk_stats").path("inodes_total").asLong()).isPositive();
        assertThat(function().path("cpu_stats").path("used_percent").asDouble()).isPositive();
        assertThat(gateway.command("status", "-w", gateway.work().toString())
                        .expect(0)
                        .out())
                .containsPattern("cpu .* of .* cores, memory .*, disk .*")
                .containsPattern("function-sayhi36 .*python36-sayhi\\.1 +running .*[0-9]%? +[0-9.]+M");
        assertThat(unpackedLibraries()).isEmpty();
    }

    private JsonNode function() throws IOException, InterruptedException {
        return gateway.instance("function-sayhi36.python36-sayhi.1").orElseThrow();
    }

    private List<Path> unpackedLibraries() throws IOException {
        try (Stream<Path> files = Files.walk(gateway.work())) {
            return files.filter(file -> file.getFileName().toString().matches("jna.*|.*\\.so"))
                    .toList();
        }
    }
}
