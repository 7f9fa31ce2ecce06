package io.openedge.function.grpc;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Finds the addresses of names, on threads of its own: a name server that is slow must not hold up calls. */
final class Lookup {
    private final ExecutorService threads;

    /** @param threads may block */
    Lookup(ExecutorService threads) {
        this.threads = threads;
    }

    /** One of the two is called, on the loop. */
    void find(HostPort place, EventLoop loop, Consumer<SocketAddress> found, Consumer<FunctionException> failed) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(place.host());
        if (literal != null) {
            found.accept(new InetSocketAddress(address(literal), place.port()));
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    InetSocketAddress address =
                            new InetSocketAddress(InetAddress.getByName(place.host()), place.port());
                    loop.execute(() -> found.accept(address));
                } catch (UnknownHostException e) {
                    loop.execute(() -> failed.accept(
                            new FunctionException(Kind.UNAVAILABLE, "no host '" + place.host() + "' is known")));
                }
            });
        } catch (RejectedExecutionException stopped) {
            failed.accept(new FunctionException(Kind.UNAVAILABLE, "the transport has stopped"));
        }
    }

    /** Four bytes stay an address of IPv4: where there is no IPv6, as in most containers, no other can be connected to. */
    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
