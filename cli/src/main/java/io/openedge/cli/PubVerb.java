package io.openedge.cli;

import io.openedge.mqtt.MqttMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Publishes one message, on one connection that is not tried twice. */
final class PubVerb implements Verb {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public List<Option> options() {
        return MqttOptions.with(
                new Option("-t", "TOPIC", "where to publish"),
                new Option("-m", "MESSAGE", "what to publish"),
                new Option("-r", "", "keep it for later subscribers"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        arguments.refuseOperands();
        MqttMessage message = message(arguments);
        try (MqttSession session = new MqttSession(
                MqttOptions.config(arguments, "pub", List.of()),
                false,
                sentence -> {
                    if (arguments.has("-d")) {
                        console.complain(sentence);
                    }
                },
                ignored -> {})) {
            if (!session.connects(LIMIT)) {
                throw new CommandException("no answer of the broker within " + LIMIT.toSeconds() + " s");
            }
            session.publish(message, LIMIT);
        }
        return OK;
    }

    private static MqttMessage message(Arguments arguments) throws UsageException {
        String topic = arguments.value("-t").orElse("");
        if (topic.isEmpty() || topic.contains("+") || topic.contains("#")) {
            throw new UsageException("-t TOPIC is needed, without wildcards");
        }
        byte[] payload = arguments
                .value("-m")
                .orElseThrow(() -> new UsageException("-m MESSAGE is needed"))
                .getBytes(StandardCharsets.UTF_8);
        return new MqttMessage(topic, payload, MqttOptions.qos(arguments), arguments.has("-r"));
    }
}
