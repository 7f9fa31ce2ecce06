package io.openedge.app;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How to tell whether an instance works, beyond that it runs. At most one probe. Immutable.
 *
 * @param window how long a new instance must stay well before an update counts as good; default 20 s
 * @param interval between two probes; default 5 s
 * @param timeout of one probe; default 3 s
 * @param tcp {@code [HOST:]PORT} that accepts a connection; empty: no such probe
 * @param http a URL that answers 2xx; empty: no such probe
 * @param mqtt {@code mqtt://USER:PASSWORD@HOST:PORT/TOPIC} where a message appears; empty: no such probe
 * @param command a command inside the instance that exits 0; empty: no such probe
 */
public record HealthCheck(
        Duration window,
        Duration interval,
        Duration timeout,
        String tcp,
        String http,
        String mqtt,
        List<String> command) {
    /** No probe. */
    public static final HealthCheck NONE = new HealthCheck(null, null, null, null, null, null, null);

    private static final Pattern TCP = Pattern.compile("(?:[^\\s:/]+:|\\[[0-9a-fA-F:.]+]:)?\\d{1,5}");
    private static final Pattern HTTP = Pattern.compile("https?://\\S+");
    private static final Pattern MQTT = Pattern.compile("mqtt://[^\\s/@]+@[^\\s/@]+/\\S+");

    public HealthCheck {
        window = window == null ? Duration.ofSeconds(20) : window;
        interval = interval == null ? Duration.ofSeconds(5) : interval;
        timeout = timeout == null ? Duration.ofSeconds(3) : timeout;
        tcp = tcp == null ? "" : tcp;
        http = http == null ? "" : http;
        mqtt = mqtt == null ? "" : mqtt;
        command = command == null ? List.of() : List.copyOf(command);
        int probes = (tcp.isEmpty() ? 0 : 1)
                + (http.isEmpty() ? 0 : 1)
                + (mqtt.isEmpty() ? 0 : 1)
                + (command.isEmpty() ? 0 : 1);
        check("tcp", tcp, TCP, "[HOST:]PORT");
        check("http", http, HTTP, "a URL, http://… or https://…");
        check("mqtt", mqtt, MQTT, "mqtt://USER:PASSWORD@HOST:PORT/TOPIC");
        if (probes > 1) {
            throw new InvalidValueException("", probes + " probes", "one of tcp, http, mqtt, command");
        }
    }

    private static void check(String key, String value, Pattern form, String allowed) {
        if (!value.isEmpty() && !form.matcher(value).matches()) {
            throw new InvalidValueException(key, value, allowed);
        }
    }
}
