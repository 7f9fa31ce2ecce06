package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.message.subscribe.MqttSubscribe;
import com.hivemq.client.internal.util.collections.ImmutableList;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import io.openedge.mqtt.MqttClientConfig;
import java.util.Optional;

/**
 * A configuration that was found to be usable. Immutable.
 *
 * @param clientId never empty
 * @param tls present when the endpoint asks for it
 */
record Settings(
        MqttClientConfig config,
        Endpoint endpoint,
        Optional<MqttClientSslConfig> tls,
        MqttSubscribe subscribe,
        String clientId,
        boolean cleanSession) {
    static final MqttSubscribe NO_FILTERS =
            new MqttSubscribe(ImmutableList.of(), MqttUserPropertiesImpl.NO_USER_PROPERTIES);
}
