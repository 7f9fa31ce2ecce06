package io.openedge.mqtt.client;

import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a connection. Its own, not a shared pool: a handler or a name service that takes its time holds up
 * nobody else, and closing the connection ends it for sure.
 */
final class ConnectionThread {
    private final NioEventLoopGroup group;
    private final EventLoop loop;

    ConnectionThread(String name) {
        this.group = new NioEventLoopGroup(1, (ThreadFactory) task -> thread(task, name));
        this.loop = group.next();
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(ConnectionThread.class.getClassLoader());
        return thread;
    }

    NioEventLoopGroup group() {
        return group;
    }

    EventLoop loop() {
        return loop;
    }

    /** Runs what is due and ends; sockets that are still open are closed. */
    void end() {
        group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end, not on the thread itself. */
    void awaitEnd(long limitMillis) {
        if (loop.inEventLoop()) {
            return;
        }
        try {
            group.awaitTermination(limitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
