package io.openedge.function.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.openedge.function.FunctionMessage;
import io.openedge.function.grpc.MessageCodec.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.Test;

/** function.proto on the wire. */
public class MessageCodecTest {
    private static final FunctionMessage FULL =
            new FunctionMessage(150, 1, "t/é", "hi".getBytes(StandardCharsets.UTF_8), -2, "f", "id");
    private static final String FULL_BYTES = "08" + "9601" + "10" + "01" + "1a04" + "742fc3a9" + "2202" + "6869" + "50"
            + "03" + "5a01" + "66" + "6202" + "6964";

    private static FunctionMessage decode(String hex) throws Malformed {
        return MessageCodec.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private static void assertSame(FunctionMessage one, FunctionMessage other) {
        assertThat(one).usingRecursiveComparison().isEqualTo(other);
    }

    @Test
    public void aMessageIsWrittenAndReadAsTheFileSays() throws Malformed {
        assertThat(ByteBufUtil.hexDump(MessageCodec.encode(FULL))).isEqualTo(FULL_BYTES);
        assertSame(decode(FULL_BYTES), FULL);
    }

    @Test
    public void whatIsZeroOrEmptyIsLeftOut() throws Malformed {
        FunctionMessage nothing = new FunctionMessage(0, 0, "", new byte[0], 0, "", "");

        assertThat(MessageCodec.encode(nothing).isReadable()).isFalse();
        assertSame(decode(""), nothing);
    }

    @Test
    public void theLimitsOfNumbersAreKept() throws Malformed {
        for (long number : new long[] {Long.MIN_VALUE, -1, 1, Integer.MAX_VALUE, 1L << 35, Long.MAX_VALUE}) {
            FunctionMessage message = new FunctionMessage(number, 2, "", new byte[0], number, "", "");
            assertSame(MessageCodec.decode(MessageCodec.encode(message)), message);
        }
    }

    @Test
    public void unknownFieldsArePassedOverAndTheLastOfTwoCounts() throws Malformed {
        assertSame(
                decode("f80101" + "f90101020304050607" + "08" + "fa0102ffff" + "fd0101020304" + FULL_BYTES + "0896"
                        + "01"),
                FULL);
    }

    @Test
    public void whatIsNoMessageIsRefused() {
        assertThatThrownBy(() -> decode("0880808080808080808080" + "01")).hasMessageContaining("more than 10 bytes");
        assertThatThrownBy(() -> decode("1a02c328")).hasMessageContaining("no UTF-8");
        assertThatThrownBy(() -> decode("1aff" + "ffffff0f61")).hasMessageContaining("cut");
        assertThatThrownBy(() -> decode("0b0c")).hasMessageContaining("wire type 3");
        assertThatThrownBy(() -> decode("0001")).hasMessageContaining("number 0");
    }

    @Test
    public void aMessageThatIsCutIsRefusedOrShorter() {
        byte[] whole = ByteBufUtil.decodeHexDump(FULL_BYTES);
        for (int length = 0; length < whole.length; length++) {
            try {
                FunctionMessage read = MessageCodec.decode(Unpooled.wrappedBuffer(whole, 0, length));
                assertThat(read.functionInvokeId()).as("cut at " + length).isEmpty();
            } catch (Malformed cut) {
                assertThat(cut).hasMessageContaining("cut");
            }
        }
    }

    @Test
    public void noBytesBreakTheReader() {
        Random random = new Random(Long.getLong("openedge.seed", 1));
        int refused = 0;
        for (int round = 0; round < Integer.getInteger("openedge.rounds", 20_000); round++) {
            byte[] bytes = ByteBufUtil.decodeHexDump(FULL_BYTES);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            try {
                MessageCodec.decode(in);
                assertThat(in.isReadable()).isFalse();
            } catch (Malformed expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
