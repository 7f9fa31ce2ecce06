package io.openedge.hub.session;

import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.openedge.hub.auth.Principal;
import io.openedge.hub.store.Lane;
import io.openedge.hub.store.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, from accept to close: takes decoded packets, answers them, and ends at the first thing that
 * is against the protocol or the client's rights. Owned by its channel's loop; every method is called there.
 */
public final class Connection {
    private final Broker broker;
    private final Channel channel;
    private final Input input;
    private final Outbound out;
    private final Traffic.Tally received;
    private final Watch watch;
    private final Lane lane;
    private final Publishing publishing;
    private final LastWill lastWill;
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    private State state = State.NEW;
    private Login.@Nullable Accepted login;
    private @Nullable Claim claim;
    private @Nullable Session session;
    private @Nullable Subscribing subscribing;
    private @Nullable ExactlyOnce exactlyOnce;

    public Connection(Broker broker, Channel channel, Input input) {
        this.broker = broker;
        this.channel = channel;
        this.input = input;
        out = new Outbound(channel, broker.counters().sent());
        received = broker.counters().received().tally(channel.eventLoop());
        watch = new Watch(channel.eventLoop(), this::silent);
        lane = broker.journal().lane(channel.eventLoop());
        publishing = new Publishing(broker, this, lane, channel.eventLoop());
        lastWill = new LastWill(broker, lane, publishing, channel.eventLoop());
        watch.start(broker.limits().connectTimeout().toMillis());
        broker.counters().connected();
    }

    // What the client sends

    /** A PUBLISH. */
    public void publish(PublishedTopic topic, byte[] payload, int qos, boolean retain, int packetId) {
        Login.Accepted who = login;
        ExactlyOnce once = exactlyOnce;
        if (state != State.OPEN || who == null || once == null) {
            return;
        }
        watch.heard();
        if (!topic.permitted(who.principal())) {
            close(who.principal().name() + " may not publish to " + topic.topic());
        } else {
            received.count(qos, payload.length);
            if (qos == 2) {
                once.publish(topic, payload, retain, packetId);
            } else {
                publishing.publish(topic, payload, qos, retain, packetId);
            }
            holdIfUnread();
        }
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. Who makes up ids is not read until it reads the answers. */
    public void acknowledged(MqttMessageType type, int packetId) {
        Session mine = session;
        ExactlyOnce once = exactlyOnce;
        if (state != State.OPEN || mine == null || once == null) {
            return;
        }
        watch.heard();
        switch (type) {
            case PUBACK -> mine.delivering().acknowledged(packetId);
            case PUBCOMP -> mine.delivering().completed(packetId);
            case PUBREL -> {
                once.released(packetId);
                holdIfUnread();
            }
            default -> {
                mine.delivering().received(packetId);
                holdIfUnread();
            }
        }
    }

    /** SUBSCRIBE. */
    public void subscribe(int packetId, List<Wish> wishes) {
        Subscribing mine = subscribing;
        if (state == State.OPEN && mine != null) {
            watch.heard();
            mine.subscribe(packetId, wishes);
            holdIfUnread();
        }
    }

    /** UNSUBSCRIBE. */
    public void unsubscribe(int packetId, List<String> filters) {
        Subscribing mine = subscribing;
        if (state == State.OPEN && mine != null) {
            watch.heard();
            mine.unsubscribe(packetId, filters);
            holdIfUnread();
        }
    }

    /** PINGREQ. */
    public void ping() {
        if (state == State.OPEN) {
            watch.heard();
            out.bytes(Outbound.PINGRESP, 0);
            holdIfUnread();
        }
    }

    /** DISCONNECT. */
    public void disconnect() {
        if (state == State.OPEN) {
            end(true);
        }
    }

    /** Something that is no packet. */
    public void malformed(String reason) {
        close(reason);
    }

    /** The hub itself went wrong; only this connection pays. */
    public void failed(Throwable cause) {
        if (state != State.ENDED) {
            end(false);
            broker.log().error("fault of the hub while it served {}", this, cause);
        }
    }

    /** The connection broke. */
    public void broken(Throwable cause) {
        if (state != State.ENDED) {
            broker.log().debug("{} broke", this, cause);
            channel.close();
            end(false);
        }
    }

    /** All that was read has been handed over. */
    public void turnEnded() {
        watch.turnEnded();
        received.add();
    }

    /** The client reads again, or no longer. */
    public void writabilityChanged() {
        Session mine = session;
        if (out.writable()) {
            if (state == State.OPEN && mine != null) {
                mine.delivering().pump();
            }
            release(Hold.UNREAD);
        }
    }

    /** The channel is closed. */
    public void closed() {
        end(false);
        received.add();
        broker.counters().disconnected();
    }

    /** CONNECT. */
    public void connect(ConnectPacket packet) {
        if (state != State.NEW) {
            close("it sent a second CONNECT");
            return;
        }
        watch.heard();
        LoginCheck check = new LoginCheck(broker, packet, input.certificate());
        if (!check.slow()) {
            decide(check.result());
            return;
        }
        state = State.CHECKING;
        hold(Hold.LOGIN);
        if (!check.later(this, channel)) {
            refuse(new Login.Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE, "too many log in at once"));
        }
    }

    /** What came of a check on another thread. */
    void checked(Login result) {
        if (state == State.CHECKING) {
            decide(result);
            release(Hold.LOGIN);
        }
    }

    private void decide(Login result) {
        if (result instanceof Login.Refused refused) {
            refuse(refused);
        } else if (result instanceof Login.Malformed wrong) {
            close(wrong.reason());
        } else if (result instanceof Login.Accepted accepted) {
            claim(accepted);
        }
    }

    private void claim(Login.Accepted accepted) {
        if (broker.claims().full(accepted.clientId(), broker.limits().sessions())) {
            refuse(new Login.Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE, "there are too many sessions"));
        } else {
            login = accepted;
            state = State.CLAIMING;
            claim = new Claim(accepted, this, channel.eventLoop(), broker);
            broker.claims().enter(claim);
            if (state == State.CLAIMING) {
                hold(Hold.CLAIM);
            }
        }
    }

    /** A CONNECT of a protocol version that the hub does not know. */
    public void refusedVersion() {
        if (state == State.NEW) {
            refuse(new Login.Refused(
                    MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
                    "its protocol version is not supported"));
        } else {
            close("it sent a second CONNECT");
        }
    }

    private void refuse(Login.Refused refused) {
        out.connack(false, refused.code());
        close("not let in: " + refused.reason());
    }

    /**
     * The client id is this connection's now. The client hears of it once its will is safe, and that the session before
     * is no more.
     */
    void opened(Session granted, boolean present, boolean replaced) {
        Login.Accepted accepted = login;
        if (state != State.CLAIMING || accepted == null) {
            return;
        }
        Outcome safe = (ref, failure) -> guarded(() -> {
            if (failure == null) {
                serve(granted, present);
            } else {
                close("its will or its session could not be stored");
            }
        });
        Will will = accepted.will();
        if (will != null) {
            lastWill.keep(will, accepted, safe);
        } else if (replaced) {
            lane.safe(safe);
        } else {
            serve(granted, present);
        }
    }

    private void serve(Session granted, boolean present) {
        Login.Accepted accepted = login;
        if (state != State.CLAIMING || accepted == null) {
            return;
        }
        state = State.OPEN;
        session = granted;
        subscribing = new Subscribing(broker, this, granted, accepted.principal(), lane, channel.eventLoop());
        exactlyOnce = new ExactlyOnce(lane, this, granted, publishing);
        revise(); // they may have changed since it logged in
        if (state != State.OPEN) {
            return;
        }
        broker.log().debug("{} is connected", this);
        out.connack(present && !old(), MqttConnectReturnCode.CONNECTION_ACCEPTED);
        watch.start(accepted.keepAlive() * 1500L);
        granted.attach(this);
        release(Hold.CLAIM);
    }

    /** Whether the client speaks MQTT 3.1. */
    public boolean old() {
        return login != null && login.version() == MqttVersion.MQTT_3_1;
    }

    // The end

    private void silent() {
        close(state == State.OPEN ? "it was silent for more than its keep-alive" : "it did not log in in time");
    }

    /** Takes the rights that hold now; ends when there are none, or when the password is another. */
    void revise() {
        Login.Accepted accepted = login;
        Subscribing mine = subscribing;
        if (state != State.OPEN || accepted == null || mine == null) {
            return;
        }
        Principal before = accepted.principal();
        Principal now = broker.authenticator().rights(before.name(), accepted.clientId());
        login = accepted.with(now);
        mine.rights(now);
        if (now.since() != before.since()) {
            close(before.name() + " is no principal any more, or has another password");
        }
    }

    /** Another connection has the client id now. */
    void takenOver() {
        close("another connection took its client id");
    }

    void close(String reason) {
        if (state != State.ENDED) {
            broker.log().info("{} is closed: {}", this, LogText.of(reason));
            end(false);
        }
    }

    private void end(boolean graceful) {
        if (state == State.ENDED) {
            return;
        }
        boolean wasOpen = state == State.OPEN;
        state = State.ENDED;
        watch.stop();
        try {
            input.pause();
            out.close();
            lastWill.end(graceful || !wasOpen ? null : login);
        } finally {
            if (claim != null) {
                claim.end();
            }
        }
    }

    // For its parts

    /** A fault in a task is this connection's alone. */
    void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // memory or the stack was short: the next one may fit
            failed(e);
        }
    }

    void hold(Hold hold) {
        if (holds.add(hold)) {
            input.pause();
        }
    }

    void release(Hold hold) {
        if (holds.remove(hold) && holds.isEmpty() && state != State.ENDED) {
            input.resume();
        }
    }

    /** Who makes the hub write and does not read waits; a mere subscriber never comes here. */
    private void holdIfUnread() {
        if (!out.writable() && state == State.OPEN) {
            hold(Hold.UNREAD);
        }
    }

    boolean open() {
        return state == State.OPEN;
    }

    Outbound out() {
        return out;
    }

    String clientId() {
        return login == null ? "" : login.clientId();
    }

    @Override
    public String toString() {
        String who = login == null ? "client" : "client " + login.clientId();
        return who + " (" + channel.remoteAddress() + ")";
    }
}
