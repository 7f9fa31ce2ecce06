package io.openedge.shell;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of the shell and its sessions. One thread accepts, each session has its own; all are gone after
 * {@link #close()}, except that of a session which closes the shell itself: it ends with its command.
 */
final class ShellServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShellServer.class);
    private static final int MOST_SESSIONS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Path socket;
    private final Interpreter interpreter;
    private final ServerSocketChannel server;
    private final Set<ShellSession> sessions = ConcurrentHashMap.newKeySet();
    private long count; // on the accepting thread
    private final Thread accepting = new Thread(this::accept, "shell");

    /** Gives the interpreter; the first session may start it. */
    @FunctionalInterface
    interface Interpreter {
        Gogo get() throws Exception;
    }

    private ShellServer(Path socket, ServerSocketChannel server, Interpreter interpreter) {
        this.socket = socket;
        this.server = server;
        this.interpreter = interpreter;
        accepting.setDaemon(true);
    }

    /**
     * Serves; a file that a dead process left is replaced.
     *
     * @throws IOException names the socket and what is wrong with it
     */
    static ShellServer open(Path socket, Interpreter interpreter) throws IOException {
        try {
            clear(socket);
            ShellServer server = new ShellServer(socket, bind(socket), interpreter);
            server.accepting.start();
            return server;
        } catch (IOException e) {
            throw new IOException(socket + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("{}: {}", socket, e.toString());
        }
        sessions.forEach(ShellSession::close);
        await(accepting);
        sessions.forEach(session -> await(session.thread()));
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (sessions.size() < MOST_SESSIONS) {
                    begin(channel);
                } else {
                    LOG.warn("{} sessions are open: one more is refused", MOST_SESSIONS);
                    channel.close();
                }
            } catch (ClosedChannelException closed) {
                LOG.debug("the shell is closed");
            } catch (IOException e) {
                LOG.error("{} takes no more sessions: {}", socket, e.toString());
                return;
            }
        }
    }

    private void begin(SocketChannel channel) throws IOException {
        try {
            String name = "shell-" + ++count;
            ShellSession session = new ShellSession(
                    channel,
                    interpreter.get(),
                    name,
                    () -> sessions.removeIf(one -> one.thread().getName().equals(name)));
            sessions.add(session);
            session.begin();
            if (!server.isOpen()) {
                session.close();
            }
        } catch (Exception e) {
            LOG.error("the shell does not start", e);
            channel.close();
        }
    }

    private static void await(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(LIMIT.toMillis());
            if (thread.isAlive()) {
                LOG.warn("the command on {} goes on without its session", thread.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bound in a folder of its own and then moved: there is no moment at which others may connect. */
    private static ServerSocketChannel bind(Path socket) throws IOException {
        Path folder = socket.resolveSibling(".s");
        Path hidden = folder.resolve("s");
        Files.deleteIfExists(hidden);
        Files.deleteIfExists(folder);
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(hidden));
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Files.move(hidden, socket, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(folder);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void clear(Path socket) throws IOException {
        Path folder = socket.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel served = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw new IOException("another process serves there: " + served.getRemoteAddress());
        } catch (ConnectException dead) {
            Files.delete(socket);
        }
    }
}
