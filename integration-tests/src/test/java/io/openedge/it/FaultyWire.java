package io.openedge.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wire to a port of this machine that spoils its connections now and then, each in one of several ways; the next works again. */
final class FaultyWire implements AutoCloseable {
    private static final int CHUNK = 8_192;
    private static final int DELAY_MILLIS = 150;

    private final ServerSocket server = new ServerSocket(0); // containers come too
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final int port;

    /** What becomes of the connections that there are. */
    enum Fault {
        /** Both ends lose it at once, with a reset. */
        RESET,
        /** Both ends hear that the other has closed it. */
        CLOSE,
        /** Half of what comes next goes through, then it is closed. */
        TRUNCATE_UP,
        TRUNCATE_DOWN,
        /** One direction is closed; what comes in it is lost, the other goes on until the ends have had enough. */
        HALF_CLOSE_UP,
        HALF_CLOSE_DOWN,
        /** What comes is held back for a while, then it is closed. */
        DELAY
    }

    FaultyWire(int port) throws IOException {
        this.port = port;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void spoil(Fault fault) throws IOException {
        for (Link link : links) {
            link.spoil(fault);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = server.accept();
            try {
                Link link = new Link(near);
                links.add(link);
                start(() -> link.copy(true));
                start(() -> link.copy(false));
            } catch (IOException nobodyThere) {
                near.close();
            }
        }
    }

    private final class Link {
        private final Socket near;
        private final Socket far;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile Fault fault;

        Link(Socket near) throws IOException {
            this.near = near;
            this.far = new Socket(InetAddress.getLoopbackAddress(), port);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
        }

        void spoil(Fault what) throws IOException {
            fault = what;
            switch (what) {
                case RESET -> {
                    near.setSoLinger(true, 0);
                    far.setSoLinger(true, 0);
                    close();
                }
                case CLOSE -> close();
                case HALF_CLOSE_UP -> far.shutdownOutput();
                case HALF_CLOSE_DOWN -> near.shutdownOutput();
                case DELAY ->
                    start(() -> {
                        over.await(2 * DELAY_MILLIS, TimeUnit.MILLISECONDS);
                        close();
                    });
                default -> {}
            }
        }

        void copy(boolean up) throws IOException, InterruptedException {
            byte[] chunk = new byte[CHUNK];
            Socket from = up ? near : far;
            Socket to = up ? far : near;
            try {
                for (int read = from.getInputStream().read(chunk);
                        read >= 0;
                        read = from.getInputStream().read(chunk)) {
                    pass(up, to, chunk, read);
                }
            } finally {
                close();
            }
        }

        private void pass(boolean up, Socket to, byte[] chunk, int length) throws IOException, InterruptedException {
            if (fault == (up ? Fault.TRUNCATE_UP : Fault.TRUNCATE_DOWN)) {
                to.getOutputStream().write(chunk, 0, length / 2);
                close();
            } else if (fault != (up ? Fault.HALF_CLOSE_UP : Fault.HALF_CLOSE_DOWN)) {
                if (fault == Fault.DELAY) {
                    over.await(DELAY_MILLIS, TimeUnit.MILLISECONDS);
                }
                to.getOutputStream().write(chunk, 0, length);
            }
        }

        void close() throws IOException {
            over.countDown();
            links.remove(this);
            near.close();
            far.close();
        }
    }

    private interface Part {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Part part) {
        Thread thread = new Thread(() -> {
            try {
                part.run();
            } catch (IOException | InterruptedException cut) {
                Thread.currentThread().interrupt(); // the end of this thread
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        spoil(Fault.CLOSE);
    }
}
