package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.datatypes.MqttUserPropertiesImpl;
import com.hivemq.client.internal.mqtt.message.publish.pubcomp.MqttPubComp;
import com.hivemq.client.internal.mqtt.message.publish.pubrec.MqttPubRec;
import com.hivemq.client.internal.mqtt.message.publish.pubrel.MqttPubRel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * Releases the packet ids of an earlier process. One that was killed amid QoS 2 leaves ids at the broker that wait for
 * their release; a new message under such an id would be taken for the old one, and lost. Which ids these are nobody
 * knows, but they are low ones, and a broker answers a release of an id that it does not know as well (MQTT 3.1.1, 4.3.3).
 * For one connection, before its first message of QoS 2; it goes with the last answer. An answer that comes late, or never,
 * is not taken for that to a new message: a PUBCOMP before the PUBREC of its id is an old one, and none after it is. Thread
 * rule: the connection's thread.
 */
final class StaleIds extends ChannelInboundHandlerAdapter {
    private final BitSet asked = new BitSet();
    private final int most;
    private final Duration limit;
    private final Runnable gone;
    private Future<?> timer;

    /**
     * @param most the highest id
     * @param limit how long the answers may take; a broker that gives none is not waited for any longer
     * @param gone runs once, on the connection's thread
     */
    StaleIds(int most, Duration limit, Runnable gone) {
        this.most = most;
        this.limit = limit;
        this.gone = gone;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        for (int id = 1; id <= most; id++) {
            asked.set(id);
            MqttPubRel release =
                    new MqttPubRel(id, MqttPubRel.DEFAULT_REASON_CODE, null, MqttUserPropertiesImpl.NO_USER_PROPERTIES);
            context.write(release, context.voidPromise());
        }
        context.flush();
        timer = context.executor().schedule(gone, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.cancel(false);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (packet instanceof MqttPubComp answer && asked.get(answer.getPacketIdentifier())) {
            settled(context, answer.getPacketIdentifier());
            return;
        }
        if (packet instanceof MqttPubRec received) {
            settled(context, received.getPacketIdentifier());
        }
        context.fireChannelRead(packet);
    }

    private void settled(ChannelHandlerContext context, int id) {
        asked.clear(id);
        if (asked.isEmpty()) {
            if (timer.cancel(false)) {
                gone.run();
            }
            context.pipeline().remove(this);
        }
    }
}
