package io.openedge.master;

import io.openedge.master.work.Time;
import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Hands out ports that are free, and none twice within a minute. Thread rule: any thread. */
final class Ports {
    private static final long KEPT = Duration.ofMinutes(1).toNanos();
    private static final int TRIES = 100;

    private final Map<Integer, Long> handedOut = new ConcurrentHashMap<>();
    private final Time time;

    Ports(Time time) {
        this.time = time;
    }

    int next() {
        long now = time.nanos();
        handedOut.values().removeIf(since -> now - since >= KEPT);
        for (int tries = 0; tries < TRIES; tries++) {
            int port = free();
            if (handedOut.putIfAbsent(port, now) == null) {
                return port;
            }
        }
        throw new GatewayException(Kind.INVALID, "no free port was found");
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new GatewayException(Kind.INVALID, "this host has no free port: " + e.getMessage());
        }
    }
}
