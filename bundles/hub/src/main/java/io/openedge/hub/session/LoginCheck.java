package io.openedge.hub.session;

import io.netty.channel.Channel;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** Checks one CONNECT, at once or, where that takes long, on a thread for it. */
final class LoginCheck {
    private final Broker broker;
    private final ConnectPacket packet;
    private final Optional<X509Certificate> certificate;

    LoginCheck(Broker broker, ConnectPacket packet, Optional<X509Certificate> certificate) {
        this.broker = broker;
        this.packet = packet;
        this.certificate = certificate;
    }

    /** True when it must not be made on an event loop. */
    boolean slow() {
        return broker.authenticator().slow(packet.username());
    }

    Login result() {
        return Login.of(packet, certificate, broker.authenticator(), broker.limits());
    }

    /** The connection hears on its loop; false when too many wait, then it does not. */
    boolean later(Connection connection, Channel channel) {
        return broker.authenticator().later(() -> {
            if (channel.isActive()) {
                answer(connection, channel);
            }
        });
    }

    private void answer(Connection connection, Channel channel) {
        Runnable next;
        try {
            Login result = result();
            next = () -> connection.checked(result);
        } catch (RuntimeException | Error e) {
            next = () -> connection.failed(e);
        }
        Runnable answer = next;
        try {
            channel.eventLoop().execute(() -> connection.guarded(answer));
        } catch (RejectedExecutionException e) {
            broker.log().trace("the hub stops", e);
        }
    }
}
