package io.openedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.Test;

/** What a broker answers to messages, byte by byte. */
public class AnswersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new Answers());

    private String through(String packet) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(packet)));
        ByteBuf out = channel.readInbound();
        try {
            return ByteBufUtil.hexDump(out);
        } finally {
            out.release();
        }
    }

    @Test
    public void aReasonForTheEndOfAConnectionBecomesOneOfAMessage() {
        assertThat(through("4003000195")).isEqualTo("4003000199");
        assertThat(through("5003000195")).isEqualTo("5003000199");
    }

    @Test
    public void otherReasonsPacketsAndIdsStayAsTheyAre() {
        assertThat(through("4003009587")).isEqualTo("4003009587");
        assertThat(through("40020095")).isEqualTo("40020095");
        assertThat(through("7003000195")).isEqualTo("7003000195");
    }

    @Test
    public void theReasonIsFoundBehindALengthOfTwoBytesToo() {
        String words = "8001" + "1f007d" + "61".repeat(125); // length of the properties, reason string, its length
        assertThat(through("408501" + "0095" + "95" + words)).isEqualTo("408501" + "0095" + "99" + words);
        assertThat(through("408501" + "0095" + "87" + words)).isEqualTo("408501" + "0095" + "87" + words);
    }
}
