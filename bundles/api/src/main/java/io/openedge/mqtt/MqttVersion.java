package io.openedge.mqtt;

import io.openedge.app.InvalidValueException;
import java.util.List;

/** A version of MQTT that a connection can speak. */
public enum MqttVersion {
    V3_1_1("3.1.1"),
    V5("5");

    private static final String EITHER = "auto";

    private final String text;

    MqttVersion(String text) {
        this.text = text;
    }

    /** As configurations and reports say it. */
    @Override
    public String toString() {
        return text;
    }

    /**
     * Which versions are tried, in this order.
     *
     * @param text {@code auto}: the newest that the broker takes
     */
    static List<MqttVersion> tried(String text) {
        return switch (text) {
            case EITHER -> List.of(V5, V3_1_1);
            case "5" -> List.of(V5);
            case "3.1.1" -> List.of(V3_1_1);
            default -> throw new InvalidValueException("version", text, "auto, 5 or 3.1.1");
        };
    }
}
