package io.openedge.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.openedge.app.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the daemon: every question has a limit, and what goes wrong comes back as one of a few kinds. Thread rule: any
 * thread; a question blocks its own.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Map<String, String> environment;
    private final Patience patience;
    private volatile Optional<Clients> clients = Optional.empty();
    private volatile String unusable = "";

    /** @param http below the client, for what that does not know */
    private record Clients(DockerAddress address, DockerClient client, DockerHttpClient http) {}

    /** @param environment names the daemon; when that is wrong, each question is answered with why */
    Connection(Map<String, String> environment, Patience patience) {
        this.environment = Map.copyOf(environment);
        this.patience = patience;
        renew();
    }

    /** Connections that are open may lead to a daemon that is gone, files may have been mended: begins anew. */
    void renew() {
        Optional<Clients> before = clients;
        try {
            clients = Optional.of(open());
        } catch (ConfigException e) {
            unusable = String.valueOf(e.getMessage());
            clients = Optional.empty();
        }
        before.ifPresent(Connection::close);
    }

    private Clients open() throws ConfigException {
        DockerAddress address = DockerAddress.of(environment);
        var http =
                new ZerodepDockerHttpClient.Builder().dockerHost(address.host()).connectionTimeout(CONNECT);
        address.tls().ifPresent(http::sslConfig);
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerTlsVerify(false) // TLS is ours
                .withDockerHost(address.host().toString())
                .build();
        DockerHttpClient below = http.build();
        return new Clients(address, DockerClientImpl.getInstance(config, below), below);
    }

    /**
     * Whether the daemon takes new connections. One that shuts down takes none any more, but answers on those that are open
     * until it has stopped its containers.
     */
    boolean isAccepting() {
        Optional<Clients> now = clients;
        if (now.isEmpty()) {
            return false;
        }
        URI host = now.get().address().host();
        boolean unix = host.getScheme().equals("unix");
        SocketAddress place = unix
                ? UnixDomainSocketAddress.of(host.getPath())
                : new InetSocketAddress(host.getHost(), host.getPort());
        try (SocketChannel channel = SocketChannel.open(place)) {
            return channel.isConnected();
        } catch (IOException | UnresolvedAddressException e) {
            return false;
        }
    }

    /** Asks, and waits for the answer, at most so long. */
    <T> T ask(Duration limit, Function<DockerClient, T> question) throws DaemonException {
        return within(limit, clients -> question.apply(clients.client()));
    }

    /** Asks what the client knows no command for. */
    <T> T askBelow(Duration limit, Function<DockerHttpClient, T> question) throws DaemonException {
        return within(limit, clients -> question.apply(clients.http()));
    }

    private <T> T within(Duration limit, Function<Clients, T> question) throws DaemonException {
        Clients now = clients.orElseThrow(
                () -> new DaemonException(DaemonException.Kind.AWAY, unusable, new IOException("no address")));
        Patience.Call call = begin(limit);
        DaemonException failure;
        try {
            return question.apply(now);
        } catch (NotFoundException e) {
            failure = new DaemonException(DaemonException.Kind.NOT_FOUND, sentence(e), e);
        } catch (ConflictException e) {
            failure = new DaemonException(DaemonException.Kind.CONFLICT, sentence(e), e);
        } catch (DockerException e) {
            failure = new DaemonException(DaemonException.Kind.REFUSED, sentence(e), e);
        } catch (RuntimeException e) { // the library wraps what the socket says
            failure = away(now.address(), cause(e));
        } finally {
            if (call.end()) {
                failure = new DaemonException(
                        DaemonException.Kind.AWAY,
                        unreachable(now.address(), "no answer within " + limit.toSeconds() + " s"),
                        new IOException("time-out"));
            }
        }
        throw failure;
    }

    private Patience.Call begin(Duration limit) throws DaemonException {
        try {
            return patience.begin(limit);
        } catch (RejectedExecutionException e) {
            throw new DaemonException(DaemonException.Kind.AWAY, "the engine docker has stopped", e);
        }
    }

    private static DaemonException away(DockerAddress address, Throwable cause) {
        LOG.debug("no answer", cause);
        return new DaemonException(DaemonException.Kind.AWAY, unreachable(address, words(cause)), cause);
    }

    private static String unreachable(DockerAddress address, String why) {
        return "the Docker daemon at " + address + " is not reached: " + why;
    }

    private static Throwable cause(Throwable e) {
        Throwable cause = e;
        while (!(cause instanceof IOException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String words(Throwable e) {
        String text = e.getMessage();
        return text == null || text.isBlank() ? e.getClass().getSimpleName() : text.strip();
    }

    /** What the daemon wrote, without its wrapping. */
    static String sentence(DockerException e) {
        String text = String.valueOf(e.getMessage());
        Matcher message = MESSAGE.matcher(text);
        String plain = message.find() ? message.group(1) : text.replaceFirst("^Status \\d+: ", "");
        return plain.replace("\\\"", "\"").replaceAll("\\\\n|\\s+", " ").strip();
    }

    private static void close(Clients clients) {
        try {
            clients.client().close();
        } catch (IOException e) {
            LOG.debug("a connection to the daemon was not closed cleanly", e);
        }
    }

    @Override
    public void close() {
        clients.ifPresent(Connection::close);
    }
}
