package io.openedge.remote.mqtt;

import io.openedge.app.InvalidValueException;
import io.openedge.mqtt.MqttClientConfig;
import java.time.Duration;
import java.util.List;

/**
 * A broker elsewhere: a name, and how to connect as {@link MqttClientConfig} says it. Immutable.
 *
 * @param name which the rules use
 */
public record RemoteConfig(
        String name,
        String address,
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
        connection(
                address,
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
                bufferSize);
    }

    /** The connection, without subscriptions. */
    MqttClientConfig connection() {
        return connection(
                address,
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
                bufferSize);
    }

    private static MqttClientConfig connection(
            String address,
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
        return new MqttClientConfig(
                address,
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
