package io.openedge.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to a port of this machine that can be cut: then both ends lose their connection, and no new one comes. */
final class CutWire implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private final int port;

    CutWire(int port) throws IOException {
        this.port = port;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = server.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
            ends.addAll(List.of(near, far));
            start(() -> copy(near, far));
            start(() -> copy(far, near));
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        }
    }

    private interface Part {
        void run() throws IOException;
    }

    private static void start(Part part) {
        Thread thread = new Thread(() -> {
            try {
                part.run();
            } catch (IOException cut) {
                Thread.currentThread().interrupt(); // the end of this thread
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts it. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket end : ends) {
            end.close();
        }
    }
}
