package io.openedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import io.openedge.hub.Packets.Body;
import io.openedge.hub.Packets.Connect;
import io.openedge.hub.session.Memory;
import io.openedge.hub.transport.Decoding;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/**
 * Packets of every kind, each changed at random, cut into pieces at random, straight into the decoder. The hub never
 * faults, what it answers is MQTT, and no buffer and no memory stays taken. The property {@code openedge.rounds}
 * multiplies the number of packets, {@code openedge.seed} is where the series begins.
 */
public class DecoderFuzzTest {
    private static final int PACKETS = 20_000 * Integer.getInteger("openedge.rounds", 1);
    private static final int A_CONVERSATION = 8;
    private static final int CLIENTS = 5;
    private static final int LONGEST_LENGTH = 4;

    @Rule
    public final HubFixture hub = new HubFixture();

    private final Random random = new Random(Integer.getInteger("openedge.seed", 311));
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private final EventLoopGroup loop = new DefaultEventLoopGroup(1);
    private final LocalAddress address = new LocalAddress("fuzz");
    /** What the hub said to one client; touched on the loop. */
    private final ByteBuf answers = Unpooled.buffer();

    private final Logger log = (Logger) LoggerFactory.getLogger("hub-test");
    private final ListAppender<ILoggingEvent> faults = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.ERROR) {
                super.append(event);
            }
        }
    };

    @Before
    public void listen() throws InterruptedException {
        new ServerBootstrap()
                .group(loop)
                .channel(LocalServerChannel.class)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childHandler(new Decoding(hub.server().broker()))
                .bind(address)
                .sync();
        faults.start();
        log.setAdditive(false);
        log.addAppender(faults);
    }

    @After
    public void forget() throws InterruptedException {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        log.detachAppender(faults);
        log.setAdditive(true);
    }

    @Test
    public void changed_packets_close_their_own_connection_or_are_served() throws InterruptedException {
        int served = 0;
        for (int packets = 0; packets < PACKETS; ) {
            long seed = random.nextLong();
            int count = converse(new Random(seed), A_CONVERSATION);
            assertThat(faults.list).as("conversation of seed %d", seed).isEmpty();
            served += count == A_CONVERSATION ? 1 : 0;
            packets += count;
        }
        assertThat(served).as("conversations that came to their end").isGreaterThan(PACKETS / 1_000);
        nothingStays();
    }

    private void nothingStays() throws InterruptedException {
        for (int i = 0; i < CLIENTS; i++) { // sessions end when their client comes with a clean one
            Channel channel = open();
            feed(channel, new Connect("c" + i).bytes(), random);
            await("CONNACK").until(() -> answers.readableBytes() > 0);
            end(channel);
        }
        Memory memory = hub.server().broker().memory();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(hub.server().broker().claims().size()).isZero();
            assertThat(List.of(
                            memory.waiting().used(),
                            memory.passing().used(),
                            memory.receiving().used(),
                            memory.subscriptions().used()))
                    .containsOnly(0L);
        });
        assertThat(buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory())
                .isZero();
    }

    private Connect connect(Random chance) {
        Connect connect = new Connect("c" + chance.nextInt(CLIENTS)).version(chance.nextInt(10) == 0 ? 3 : 4);
        if (chance.nextInt(3) == 0) {
            connect.persistent();
        }
        return chance.nextInt(4) == 0 ? connect.will("a/will", "gone", chance.nextInt(3), false) : connect;
    }

    private byte[] packet(Random chance) {
        int id = 1 + chance.nextInt(3);
        int qos = chance.nextInt(3);
        return switch (chance.nextInt(11)) {
            case 0 -> connect(chance).bytes();
            case 1, 2 -> Packets.publish("a/b", new byte[chance.nextInt(300)], qos, chance.nextBoolean(), id);
            case 3 -> Packets.publish("a/\u00fc/\u20ac\ud83d\ude00", new byte[3], qos, false, id);
            case 4 -> Packets.subscribe(id, qos, "a/+", "+/b", "c/#");
            case 5 -> Packets.unsubscribe(id, "a/+");
            case 6 -> Packets.puback(id);
            case 7 -> chance.nextBoolean() ? Packets.pubrec(id) : Packets.pubcomp(id);
            case 8 -> Packets.pubrel(id);
            case 9 -> Packets.PINGREQ;
            default -> Packets.DISCONNECT;
        };
    }

    /** One to three changes. */
    private static byte[] changed(byte[] packet, Random chance) {
        byte[] bytes = packet.clone();
        for (int i = 1 + chance.nextInt(3); i > 0 && bytes.length > 0; i--) {
            int at = chance.nextInt(bytes.length);
            switch (chance.nextInt(8)) {
                case 0, 1, 2 -> bytes[at] ^= (byte) (1 << chance.nextInt(8));
                case 3 -> bytes[at] = (byte) chance.nextInt(256);
                case 4 -> bytes[at] = (byte) (chance.nextBoolean() ? 0xff : 0);
                case 5 -> bytes = Arrays.copyOf(bytes, at); // the next packet becomes its end
                case 6 ->
                    bytes = new Body()
                            .raw(bytes)
                            .raw(Arrays.copyOfRange(bytes, at, bytes.length))
                            .bytes();
                default -> bytes = framed(Arrays.copyOfRange(bytes, Math.min(2, at), at + 1), bytes[0]);
            }
        }
        return bytes;
    }

    /** Cut, with the length that fits. */
    private static byte[] framed(byte[] body, byte head) {
        return Packets.packet(head & 0xff, body);
    }

    /** Answers how many packets came to the decoder before it closed. */
    private int converse(Random chance, int packets) throws InterruptedException {
        Channel channel = open();
        feed(channel, connect(chance).bytes(), chance);
        int count = 0;
        while (count < packets && channel.isActive()) {
            feed(channel, changed(packet(chance), chance), chance);
            count++;
        }
        end(channel);
        return count;
    }

    private Channel open() throws InterruptedException {
        return new Bootstrap()
                .group(loop)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        answers.writeBytes((ByteBuf) message);
                        ReferenceCountUtil.release(message);
                    }
                })
                .connect(address)
                .sync()
                .channel();
    }

    /** In pieces; returns when they were taken. */
    private void feed(Channel channel, byte[] bytes, Random chance) throws InterruptedException {
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + chance.nextInt(chance.nextInt(4) == 0 ? 5 : 400));
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes, at, end - at));
            at = end;
        }
        loop.submit(() -> {}).sync();
    }

    private void end(Channel channel) throws InterruptedException {
        channel.close().sync();
        loop.submit(() -> wellFormed(answers)).sync();
    }

    /** Whole packets, each of a kind that a server sends. */
    private static void wellFormed(ByteBuf all) {
        while (all.isReadable()) {
            assertThat(all.readUnsignedByte() >> 4).as("type of an answer").isIn(2, 3, 4, 5, 6, 7, 9, 11, 13);
            int length = 0;
            int next = 0x80;
            for (int i = 0; i < LONGEST_LENGTH && (next & 0x80) != 0; i++) {
                next = all.readUnsignedByte();
                length |= (next & 0x7f) << 7 * i;
            }
            assertThat(length).as("length of an answer").isLessThanOrEqualTo(all.readableBytes());
            all.skipBytes(length);
        }
        all.clear();
    }
}
