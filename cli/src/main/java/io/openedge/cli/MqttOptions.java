package io.openedge.cli;

import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The options that pub and sub share, with mosquitto's letters. Stateless. */
final class MqttOptions {
    private MqttOptions() {}

    static List<Option> with(Option... own) {
        List<Option> options = new ArrayList<>(List.of(
                new Option("-h", "HOST", "broker; default: localhost"),
                new Option("-p", "PORT", "its port; default: 1883, with TLS 8883"),
                new Option("-u", "USER", "user name"),
                new Option("-P", "PASSWORD", "password"),
                new Option("-i", "ID", "client id; default: made up"),
                new Option("-q", "QOS", "quality of service, 0 to 2; default: 0"),
                new Option("-d", "", "tell on standard error what the connection does"),
                new Option("--cafile", "FILE", "certificates to trust; switches TLS on"),
                new Option("--cert", "FILE", "certificate of the client; switches TLS on"),
                new Option("--key", "FILE", "its key")));
        options.addAll(List.of(own));
        return options;
    }

    static int qos(Arguments arguments) throws UsageException {
        return arguments.number("-q", 0, 0, 2);
    }

    static MqttClientConfig config(Arguments arguments, String verb, List<MqttSubscription> subscriptions)
            throws UsageException {
        boolean tls = arguments.has("--cafile") || arguments.has("--cert");
        if (arguments.has("--key") != arguments.has("--cert")) {
            throw new UsageException("--cert and --key belong together");
        }
        String host = arguments.value("-h").orElse("localhost");
        int port = arguments.number("-p", tls ? 8883 : 1883, 1, 65535);
        String address = (tls ? "ssl://" : "tcp://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        String id = "openedge-" + verb + "-" + ProcessHandle.current().pid() + "-"
                + Long.toHexString(System.nanoTime() & 0xFFFFFFL);
        return new MqttClientConfig(
                address,
                "3.1.1",
                arguments.value("-u").orElse(""),
                arguments.value("-P").orElse(""),
                arguments.value("--cafile").orElse(""),
                arguments.value("--cert").orElse(""),
                arguments.value("--key").orElse(""),
                false,
                arguments.value("-i").orElse(id),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                true,
                true,
                10,
                subscriptions);
    }
}
