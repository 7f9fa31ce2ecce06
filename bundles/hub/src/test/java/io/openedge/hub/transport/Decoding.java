package io.openedge.hub.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.openedge.hub.session.Broker;

/** The end of a client's pipeline, for a channel of any kind. */
public final class Decoding extends ChannelInitializer<Channel> {
    private final Broker broker;

    public Decoding(Broker broker) {
        this.broker = broker;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new PacketDecoder(broker, () -> {}));
    }
}
