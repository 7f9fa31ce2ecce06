package io.openedge.function.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.openedge.function.HostPort;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** What is connected to for the host of an address. */
public class LookupTest {
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final EventLoop loop = new DefaultEventLoop();

    @After
    public void close() {
        threads.shutdown();
        loop.shutdownGracefully();
    }

    @Test
    public void anAddressStaysOfItsKindAndANameIsLookedUp() throws Exception {
        assertThat(find("172.17.0.1").getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(find("::1").getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(find("localhost").getAddress().isLoopbackAddress()).isTrue();
    }

    private InetSocketAddress find(String host) throws Exception {
        CompletableFuture<SocketAddress> found = new CompletableFuture<>();
        new Lookup(threads).find(new HostPort(host, 1), loop, found::complete, found::completeExceptionally);
        return (InetSocketAddress) found.get(20, TimeUnit.SECONDS);
    }
}
