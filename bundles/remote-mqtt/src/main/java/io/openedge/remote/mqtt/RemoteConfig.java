package io.openedge.remote.mqtt;

import io.openedge.app.InvalidValueException;
import io.openedge.mqtt.MqttClientConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A broker elsewhere: a name, and how to connect as {@link MqttClientConfig} says it. Immutable.
 *
 * @param name which the rules use
 * @param version default {@code auto}: MQTT 5 where the broker speaks it
 */
public record RemoteConfig(
        String name,
        String address,
        String version,
        String username,
        String password,
        String ca,
        String cert,
        String key,
        boolean insecure,
        String clientId,
        Duration timeout,
        Duration interval,
        Duration keepAlive,
        boolean cleanSession,
        boolean validateSubs,
        int bufferSize) {
    public RemoteConfig {
        if (name == null) {
            throw new InvalidValueException("name", "", "a name for the rules");
        }
        clientId = clientId == null ? name : clientId;
        version = version == null ? "auto" : version;
        Objects.requireNonNull(
                new MqttClientConfig(
                        address,
                        version,
                        username,
                        password,
                        ca,
                        cert,
                        key,
                        insecure,
                        clientId,
                        timeout,
                        interval,
                        keepAlive,
                        cleanSession,
                        validateSubs,
                        bufferSize,
                        List.of()),
                "its constructor checks all");
    }

    /** The connection, without subscriptions. */
    MqttClientConfig connection() {
        return new MqttClientConfig(
                address,
                version,
                username,
                password,
                ca,
                cert,
                key,
                insecure,
                clientId,
                timeout,
                interval,
                keepAlive,
                cleanSession,
                validateSubs,
                bufferSize,
                List.of());
    }
}
