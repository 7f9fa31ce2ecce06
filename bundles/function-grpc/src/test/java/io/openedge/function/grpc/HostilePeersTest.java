package io.openedge.function.grpc;

import static io.openedge.function.grpc.Calls.client;
import static io.openedge.function.grpc.Calls.message;
import static io.openedge.function.grpc.Calls.server;
import static io.openedge.function.grpc.Calls.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionTransport.Server;
import io.openedge.function.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Clients that send what they should not: the others are served all the same. */
public class HostilePeersTest {
    private static final String PREFACE = ByteBufUtil.hexDump("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    private static final String SETTINGS = "000000" + "0400" + "00000000";

    private final GrpcTransport transport = new GrpcTransport();
    private Server server;
    private FunctionConnection good;

    @Before
    public void start() throws Exception {
        server = transport.serve(server(100), CompletableFuture::completedFuture);
        good = transport.connect(client(server.address(), Duration.ZERO));
        assertServed();
    }

    @After
    public void stop() throws Exception {
        transport.close();
    }

    private void assertServed() throws Exception {
        assertThat(text(good.call(message("f", "hi")))).isEqualTo("hi");
    }

    private Socket connect() throws IOException {
        HostPort place = HostPort.parse(server.address());
        Socket socket = new Socket(place.host(), place.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends bytes and waits until the server has closed the connection. */
    private void sendAndAwaitTheEnd(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageNotContaining("refused");
        }
    }

    @Test
    public void whatIsNoHttp2IsClosed() throws Exception {
        sendAndAwaitTheEnd("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        sendAndAwaitTheEnd(ByteBufUtil.decodeHexDump("16030100f5010000f10303" + "00".repeat(64)));
        assertServed();
    }

    @Test
    public void aFrameOfAnImpossibleLengthIsClosed() throws Exception {
        sendAndAwaitTheEnd(ByteBufUtil.decodeHexDump(PREFACE + SETTINGS + "ffffff" + "0000" + "00000001" + "00"));
        assertServed();
    }

    @Test
    public void changedBytesEndAConnectionAtWorst() throws Exception {
        Random random = new Random(Long.getLong("openedge.seed", 1));
        byte[] plain = ByteBufUtil.decodeHexDump(PREFACE + SETTINGS + "000004" + "0800" + "00000000" + "00000fff"
                + "000004" + "0300" + "00000001" + "00000008" + "000008" + "0600" + "00000000" + "0102030405060708");
        for (int round = 0; round < Integer.getInteger("openedge.rounds", 100); round++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(plain);
            byte[] all = bytes.toByteArray();
            for (int changes = random.nextInt(5); changes >= 0; changes--) {
                all[24 + random.nextInt(all.length - 24)] = (byte) random.nextInt();
            }
            try (Socket socket = connect()) {
                socket.getOutputStream().write(all);
            }
        }
        assertServed();
    }

    @Test
    public void connectionsThatSayNothingAreBoundedAndOthersAreServed() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                silent.add(connect());
            }
            assertServed();
            assertThat(silent.get(299).getInputStream().read())
                    .as("one too many is closed")
                    .isNegative();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    public void memoryIsSharedAndASingleCallMayHaveMore() {
        Admission admission = new Admission(2, 100);
        assertThat(admission.enter()).isTrue();
        assertThat(admission.enter()).isTrue();
        assertThat(admission.enter()).as("a third call").isFalse();

        assertThat(admission.take(0, 150)).as("alone").isTrue();
        assertThat(admission.take(150, 50)).as("still alone").isTrue();
        assertThat(admission.take(0, 1)).as("another, while one has too much").isFalse();
        admission.leave(200);
        assertThat(admission.take(0, 100)).isTrue();
        admission.leave(100);

        assertThat(admission.calls()).isZero();
        assertThat(admission.bytes()).isZero();
    }
}
