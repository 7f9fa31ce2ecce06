package io.openedge.mqtt.client;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import io.openedge.mqtt.MqttClientConfig;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a TLS connection needs, read from PEM files. Stateless. */
final class ClientTls {
    private ClientTls() {}

    static MqttClientSslConfig of(MqttClientConfig config, Path directory) throws ConfigException {
        Tls tls = Tls.of(directory, config.ca(), config.cert(), config.key());
        MqttClientSslConfigBuilder builder = MqttClientSslConfig.builder()
                .keyManagerFactory(tls.keyManagers().orElse(null))
                .handshakeTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        if (config.insecure()) {
            return builder.trustManagerFactory(InsecureTrustManagerFactory.INSTANCE)
                    .hostnameVerifier((host, session) -> true)
                    .build();
        }
        return builder.trustManagerFactory(tls.serverTrust()).build();
    }
}
