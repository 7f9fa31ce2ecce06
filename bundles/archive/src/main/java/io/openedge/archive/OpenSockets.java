package io.openedge.archive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/**
 * The sockets of connections that are under way: closing them is the only way to end a read that another thread is in.
 * Thread rule: any thread.
 */
final class OpenSockets extends SSLSocketFactory implements AutoCloseable {
    private final SSLSocketFactory factory;
    private final Set<Socket> open = new HashSet<>(); // guarded by itself
    private boolean closed; // guarded by open

    OpenSockets(SSLSocketFactory factory) {
        this.factory = factory;
    }

    private Socket keep(Socket socket) throws IOException {
        synchronized (open) {
            open.removeIf(Socket::isClosed);
            if (!closed) {
                open.add(socket);
                return socket;
            }
        }
        socket.close();
        throw new SocketException("closed");
    }

    @Override
    public Socket createSocket() throws IOException {
        return keep(factory.createSocket());
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        return keep(factory.createSocket(below, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return keep(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return keep(factory.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return keep(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return keep(factory.createSocket(host, port, from, fromPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    /** Ends all; none is made afterwards. */
    @Override
    public void close() {
        Set<Socket> last;
        synchronized (open) {
            closed = true;
            last = Set.copyOf(open);
            open.clear();
        }
        for (Socket socket : last) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // it is of no use any more
            }
        }
    }
}
