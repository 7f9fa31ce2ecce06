package io.openedge.mqtt.client;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** Says in plain words why there is no connection. Stateless. */
final class Reason {
    private Reason() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Mqtt3ConnAckException refusal) {
                return refused(refusal);
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
