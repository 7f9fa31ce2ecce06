package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.message.publish.MqttStatefulPublish;
import com.hivemq.client.internal.mqtt.message.subscribe.MqttStatefulSubscribe;
import com.hivemq.client.internal.mqtt.message.subscribe.MqttSubscribe;
import com.hivemq.client.internal.mqtt.message.subscribe.suback.MqttSubAck;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the subscriptions of one connection, and notes which messages are duplicates. The HiveMQ client's own SUBSCRIBE
 * keeps an entry for each filter and reconnect as long as a session lasts; this one keeps none. Thread rule: the
 * connection's thread.
 */
final class SessionStart extends ChannelInboundHandlerAdapter {
    // The last of the ids that the client sets aside for subscriptions, which it does not use itself here.
    private static final int PACKET_ID = 65_535;

    private final MqttSubscribe subscribe;
    private final Duration limit;
    private final Inbox inbox;
    private final Outcome outcome;
    private Future<?> timer;

    /** What came of the subscriptions. */
    interface Outcome {
        /** @param refused filters that the broker does not want */
        void subscribed(List<String> refused);

        void unanswered();
    }

    SessionStart(MqttSubscribe subscribe, Duration limit, Inbox inbox, Outcome outcome) {
        this.subscribe = subscribe;
        this.limit = limit;
        this.inbox = inbox;
        this.outcome = outcome;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer = context.executor().schedule(outcome::unanswered, limit.toMillis(), TimeUnit.MILLISECONDS);
        if (subscribe.getSubscriptions().isEmpty()) {
            finish(List.of());
        } else {
            context.writeAndFlush(
                    subscribe.createStateful(PACKET_ID, MqttStatefulSubscribe.DEFAULT_NO_SUBSCRIPTION_IDENTIFIER),
                    context.voidPromise());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.cancel(false);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (packet instanceof MqttStatefulPublish publish) {
            inbox.next(publish.isDup(), Math.max(0, publish.getPacketIdentifier()));
        }
        if (packet instanceof MqttSubAck answer && answer.getPacketIdentifier() == PACKET_ID) {
            finish(refused(answer));
        } else {
            context.fireChannelRead(packet);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inbox.pause();
        context.fireChannelReadComplete();
    }

    private void finish(List<String> refused) {
        timer.cancel(false);
        outcome.subscribed(refused);
    }

    private List<String> refused(MqttSubAck answer) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < subscribe.getSubscriptions().size(); i++) {
            if (i >= answer.getReasonCodes().size()
                    || answer.getReasonCodes().get(i).isError()) {
                refused.add(subscribe.getSubscriptions().get(i).getTopicFilter().toString());
            }
        }
        return refused;
    }
}
