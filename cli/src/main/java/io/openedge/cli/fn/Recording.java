package io.openedge.cli.fn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.openedge.app.ConfigException;
import io.openedge.config.FileTrouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Recorded messages, a JSON object a line: topic, qos, payload. Stateless. */
public final class Recording {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS = Set.of("topic", "qos", "payload");

    private Recording() {}

    /**
     * A message that was recorded.
     *
     * @param line of the file, from 1
     * @param topic of the message
     * @param qos 0 to 2
     * @param payload as it was: a text is its characters, anything else its JSON
     */
    public record Message(int line, String topic, int qos, byte[] payload) {}

    /**
     * All messages of a file; empty lines are passed over.
     *
     * @throws ConfigException names file, line, key, value and what is allowed
     */
    public static List<Message> read(Path file) throws ConfigException {
        List<Message> messages = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    messages.add(message(file, number, line));
                }
            }
            return messages;
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.sentence(file, e), e);
        }
    }

    private static Message message(Path file, int number, String line) throws ConfigException {
        String where = file + ": line " + number + ": ";
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new ConfigException(where + "is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!node.isObject()) {
            throw new ConfigException(where + "is no object; allowed: {\"topic\": …, \"qos\": …, \"payload\": …}");
        }
        for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!KEYS.contains(key)) {
                throw new ConfigException(where + "'" + key + "' is not known; allowed: topic, qos, payload");
            }
        }
        JsonNode topic = node.path("topic");
        JsonNode qos = node.path("qos");
        if (!topic.isTextual() || topic.asText().isEmpty()) {
            throw new ConfigException(where + "topic: '" + (topic.isMissingNode() ? "" : topic.asText())
                    + "' is not allowed here; allowed: the topic of the message");
        }
        if (!qos.isMissingNode() && (!qos.isInt() || qos.asInt() < 0 || qos.asInt() > 2)) {
            throw new ConfigException(where + "qos: '" + qos.asText() + "' is not allowed here; allowed: 0, 1, 2");
        }
        return new Message(number, topic.asText(), qos.asInt(0), payload(node.path("payload")));
    }

    private static byte[] payload(JsonNode payload) {
        String text = payload.isMissingNode() || payload.isNull()
                ? ""
                : payload.isTextual() ? payload.asText() : payload.toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
