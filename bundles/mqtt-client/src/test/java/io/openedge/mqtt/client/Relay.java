package io.openedge.mqtt.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network in front of a broker that can lose what it is given. */
final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private volatile boolean swallowing;

    Relay(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Nothing reaches the broker any more, though the connection seems to be up. */
    void swallow() {
        swallowing = true;
    }

    /** The connection breaks; the next one works again. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        swallowing = false;
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket near = server.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(near, far));
            daemon(() -> pump(near, far, true));
            daemon(() -> pump(far, near, false));
        }
    }

    private void pump(Socket from, Socket to, boolean lossy) throws IOException {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!lossy || !swallowing) {
                    out.write(buffer, 0, read);
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                if (!server.isClosed() && sockets.isEmpty()) {
                    throw new UncheckedIOException(over);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
