package io.openedge.mqtt;

import io.openedge.app.InvalidValueException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A connection to a hub or another broker, as {@code hub:} and {@code remotes[]} say it. Immutable; absent texts are
 * empty.
 *
 * @param address {@code tcp://}, {@code ssl://}, {@code ws://} or {@code wss://} with host, port and path
 * @param version {@code auto}, {@code 5} or {@code 3.1.1}; default 3.1.1
 * @param username for the broker
 * @param password for the broker
 * @param ca file of certificates that are trusted beside the system's
 * @param cert file of the client's certificate
 * @param key file of its key
 * @param insecure whether the server's certificate is not checked; tests only
 * @param clientId empty: the broker or the caller picks one
 * @param timeout for connecting and for an acknowledgement; default 30 s
 * @param interval the longest wait between two tries to connect; default 1 min
 * @param keepAlive default 1 min
 * @param cleanSession whether the session ends with the connection
 * @param validateSubs whether a refused subscription drops the connection
 * @param bufferSize messages that wait while there is no connection; default 10
 * @param subscriptions made at each connection
 */
public record MqttClientConfig(
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
        int bufferSize,
        List<MqttSubscription> subscriptions) {

    public MqttClientConfig {
        if (address == null || !address.matches("(tcp|ssl|ws|wss|mqtt|mqtts)://.+")) {
            throw new InvalidValueException(
                    "address", address == null ? "" : address, "tcp://, ssl://, ws:// or wss:// with host and port");
        }
        version = version == null ? "3.1.1" : version;
        Objects.requireNonNull(MqttVersion.tried(version), "which checks it");
        username = username == null ? "" : username;
        password = password == null ? "" : password;
        ca = ca == null ? "" : ca;
        cert = cert == null ? "" : cert;
        key = key == null ? "" : key;
        clientId = clientId == null ? "" : clientId;
        timeout = timeout == null ? Duration.ofSeconds(30) : timeout;
        interval = interval == null ? Duration.ofMinutes(1) : interval;
        keepAlive = keepAlive == null ? Duration.ofMinutes(1) : keepAlive;
        bufferSize = bufferSize == 0 ? 10 : bufferSize;
        if (bufferSize < 0) {
            throw new InvalidValueException("buffersize", bufferSize, "1 or more");
        }
        if (keepAlive.isNegative() || keepAlive.toSeconds() > 65535) {
            throw new InvalidValueException("keepalive", keepAlive, "a duration up to 65535s");
        }
        subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
    }

    /** Which versions are tried, the preferred first. */
    public List<MqttVersion> versions() {
        return MqttVersion.tried(version);
    }

    /** The same connection under another client id and with other subscriptions: a session of its own. */
    public MqttClientConfig session(String id, List<MqttSubscription> filters) {
        return copy(id, validateSubs, filters);
    }

    /** The same session, but that a refused subscription drops the connection. */
    public MqttClientConfig strict() {
        return copy(clientId, true, subscriptions);
    }

    private MqttClientConfig copy(String id, boolean strict, List<MqttSubscription> filters) {
        return new MqttClientConfig(
                address,
                version,
                username,
                password,
                ca,
                cert,
                key,
                insecure,
                id,
                timeout,
                interval,
                keepAlive,
                cleanSession,
                strict,
                bufferSize,
                filters);
    }
}
