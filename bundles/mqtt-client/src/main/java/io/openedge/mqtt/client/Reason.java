package io.openedge.mqtt.client;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.message.Mqtt5ReasonCode;
import io.netty.channel.ConnectTimeoutException;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttRefusedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** Says in plain words why there is no connection, or why a message was not taken. Stateless. */
final class Reason {
    /** A broker that says this of a message says it each time. */
    private static final int TOPIC_NAME_INVALID = 0x90;

    private static final String TOO_LONG = "it is longer than the broker takes";

    private Reason() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Mqtt3ConnAckException refusal) {
                return refused(refusal);
            }
            if (each instanceof Mqtt5ConnAckException refusal) {
                return refused(refusal);
            }
            if (each instanceof Mqtt5DisconnectException end) {
                return "the broker ended the connection: "
                        + words(end.getMqttMessage().getReasonCode());
            }
            if (each instanceof SSLException) {
                return tls(each);
            }
            root = each;
        }
        if (root instanceof UnknownHostException) {
            return "unknown host " + text(root).replaceFirst(":.*", "");
        }
        if (root instanceof ConnectTimeoutException) {
            return "the host does not answer";
        }
        if (root instanceof NoRouteToHostException) {
            return "no route to the host";
        }
        if (root instanceof ConnectException) {
            return "connection refused";
        }
        return root instanceof ConnectionClosedException ? "the broker closed the connection" : text(root);
    }

    /** Why a message was not taken. */
    static MqttException ofMessage(Throwable failure) {
        if (failure instanceof MqttEncodeException) {
            return new MqttRefusedException(TOO_LONG, true);
        }
        if (failure instanceof Mqtt5PubAckException refusal) {
            return refused(refusal.getMqttMessage().getReasonCode());
        }
        if (failure instanceof Mqtt5PubRecException refusal) {
            return refused(refusal.getMqttMessage().getReasonCode());
        }
        return new MqttException(of(failure));
    }

    private static MqttException refused(Mqtt5ReasonCode code) {
        if (code.getCode() == Answers.TOO_LARGE) {
            return new MqttRefusedException(TOO_LONG, true);
        }
        return new MqttRefusedException(words(code), code.getCode() == TOPIC_NAME_INVALID);
    }

    private static String refused(Mqtt3ConnAckException refusal) {
        return switch (refusal.getMqttMessage().getReturnCode()) {
            case BAD_USER_NAME_OR_PASSWORD -> "the broker refuses user name or password";
            case NOT_AUTHORIZED -> "not authorised";
            case IDENTIFIER_REJECTED -> "the broker refuses the client id";
            case SERVER_UNAVAILABLE -> "the broker is unavailable";
            case UNSUPPORTED_PROTOCOL_VERSION -> "the broker does not speak MQTT 3.1.1";
            case SUCCESS -> "the broker broke the protocol";
        };
    }

    private static String refused(Mqtt5ConnAckException refusal) {
        return switch (refusal.getMqttMessage().getReasonCode()) {
            case BAD_USER_NAME_OR_PASSWORD -> "the broker refuses user name or password";
            case NOT_AUTHORIZED -> "not authorised";
            case CLIENT_IDENTIFIER_NOT_VALID -> "the broker refuses the client id";
            case SERVER_UNAVAILABLE, SERVER_BUSY -> "the broker is unavailable";
            case UNSUPPORTED_PROTOCOL_VERSION -> "the broker does not speak MQTT 5";
            case SUCCESS -> "the broker broke the protocol";
            default ->
                "the broker refuses the connection: "
                        + words(refusal.getMqttMessage().getReasonCode());
        };
    }

    /** A reason code of MQTT 5. */
    private static String words(Mqtt5ReasonCode code) {
        String name = code instanceof Enum<?> constant ? constant.name() : "reason " + code.getCode();
        return name.toLowerCase(Locale.ROOT).replace('_', ' ').replace("authorized", "authorised");
    }

    private static String tls(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "no TLS connection: " + text(root);
    }

    private static String text(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        return message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}
